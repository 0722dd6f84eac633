-- The versions of a commit that were not erased, in order.
-- Index: the table's own order. As many rows as the commit wrote.
SELECT kind, id, version, state FROM versions WHERE row >= ?1 AND row < ?2 AND erased IS NULL ORDER BY row
