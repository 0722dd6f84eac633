-- The place of a cursor.
-- Index: primary key. One row.
SELECT sequence FROM cursors WHERE tenant = ?1 AND name = ?2
