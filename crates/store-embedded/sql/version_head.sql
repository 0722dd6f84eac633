-- Which resource and version a row is, without its text.
-- Index: the table's own order. One row.
SELECT kind, id, version, state, at FROM versions WHERE row = ?1
