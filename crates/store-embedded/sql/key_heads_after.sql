-- The versions with a body behind a row, with their dictionary and the beginning of the body, which names its key when it is sealed: to find those that are to be sealed anew.
-- Index: the table's own order. As many rows as are asked for.
SELECT row, substr(body, 1, 9), substr(body, 10, 4), dictionary FROM versions WHERE row > ?1 AND body IS NOT NULL ORDER BY row LIMIT ?2
