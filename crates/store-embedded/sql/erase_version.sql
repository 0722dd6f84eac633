-- Empties a version: the row stays, and says which erasure took its content.
-- Index: the table's own order. One row.
UPDATE versions SET state = 0, stamp_at = 0, dictionary = 0, body = NULL, erased = ?2 WHERE row = ?1
