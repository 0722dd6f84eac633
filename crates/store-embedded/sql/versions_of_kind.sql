-- The versions of a type behind a row, in order: those that define parameters, when the store opens.
-- Index: the table's own order. It reads all rows behind ?1, which are few unless the index is made anew.
SELECT row, tenant, id, state FROM versions WHERE row > ?1 AND kind = ?2 ORDER BY row
