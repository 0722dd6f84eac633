-- The versions of a commit, in order.
-- Index: the table's own order. As many rows as the commit wrote.
SELECT kind, id, version, state FROM versions WHERE row >= ?1 AND row < ?2 ORDER BY row
