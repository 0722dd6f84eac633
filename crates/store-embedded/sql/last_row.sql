-- The last row of the log; 0 when it is empty.
-- Index: the table's own order. One row.
SELECT coalesce(max(row), 0) FROM versions
