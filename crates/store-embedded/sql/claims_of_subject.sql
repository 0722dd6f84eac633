-- The claims of a subject that are in force at ?3.
-- Index: primary key. As many rows as the subject has claims.
SELECT holder, start, until, capacity, units, lease_until FROM claims
WHERE tenant = ?1 AND subject = ?2 AND (lease_until IS NULL OR lease_until > ?3)
ORDER BY start, holder
