-- Leases a job.
-- Index: primary key. One row.
UPDATE jobs SET leased_until = ?3, attempt = ?4 WHERE tenant = ?1 AND number = ?2
