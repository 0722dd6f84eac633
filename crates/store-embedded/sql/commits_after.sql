-- The change feed after a place.
-- Index: primary key. At most ?3 rows.
SELECT sequence, at, actor, reason, first_row, row_count FROM commits WHERE tenant = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3
