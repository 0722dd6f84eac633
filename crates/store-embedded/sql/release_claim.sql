-- Gives a subject back.
-- Index: primary key. At most one row.
DELETE FROM claims WHERE tenant = ?1 AND subject = ?2 AND holder = ?3
