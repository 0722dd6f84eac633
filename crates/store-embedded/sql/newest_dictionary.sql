-- The number of the newest dictionary; 0 when there is none.
-- Index: the table's own order. One row.
SELECT coalesce(max(number), 0) FROM dictionaries
