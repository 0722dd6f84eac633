-- The jobs of a kind that are due at ?3, oldest first.
-- Index: jobs_in_order. At most ?4 rows, after those that are not due.
SELECT number, payload, attempt FROM jobs
WHERE tenant = ?1 AND kind = ?2 AND not_before <= ?3 AND leased_until <= ?3 ORDER BY number LIMIT ?4
