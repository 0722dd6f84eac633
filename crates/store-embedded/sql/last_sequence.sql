-- The last commit of a tenant.
-- Index: primary key. One row.
SELECT max(sequence) FROM commits WHERE tenant = ?1
