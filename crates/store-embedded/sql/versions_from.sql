-- The log from a row on, in order: for replay, rebuild and check. State 3: erased.
-- Index: the table's own order. At most ?2 rows.
SELECT row, tenant, resource, kind, id, version, iif(erased IS NULL, state, 3), at, stamp_at, dictionary, body FROM versions WHERE row >= ?1 ORDER BY row LIMIT ?2
