-- Moves a tenant to its last commit; once for each group.
-- Index: primary key. One row.
INSERT INTO tenants (tenant, sequence, at, jobs) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (tenant) DO UPDATE SET sequence = excluded.sequence, at = excluded.at, jobs = excluded.jobs
