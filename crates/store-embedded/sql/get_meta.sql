-- A fact about this file.
-- Index: primary key. One row.
SELECT value FROM meta WHERE name = ?1
