-- Puts a job in line.
-- Index: primary key and jobs_in_order. One row, at the end.
INSERT INTO jobs (tenant, number, kind, payload, not_before, leased_until, attempt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)
