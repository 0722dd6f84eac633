-- The number of the last erasure; 0 when there was none.
-- Index: the table's own order. One row.
SELECT coalesce(max(number), 0) FROM erasures
