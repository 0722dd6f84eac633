-- Which resource and version a row is, without its text. State 3: erased.
-- Index: the table's own order. One row.
SELECT kind, id, version, iif(erased IS NULL, state, 3), at FROM versions WHERE row = ?1
