-- All dictionaries; once, when the store opens.
-- Index: the table's own order. A handful of rows.
SELECT number, bytes FROM dictionaries ORDER BY number
