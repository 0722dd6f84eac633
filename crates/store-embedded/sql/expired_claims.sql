-- Drops the claims of a subject whose lease has ended at ?3.
-- Index: primary key. As many rows as the subject has claims.
DELETE FROM claims WHERE tenant = ?1 AND subject = ?2 AND lease_until <= ?3
