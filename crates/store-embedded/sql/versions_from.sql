-- The log from a row on, in order: for replay, rebuild and check.
-- Index: the table's own order. At most ?2 rows.
SELECT row, tenant, resource, kind, id, version, state, at, stamp_at, dictionary, body FROM versions WHERE row >= ?1 ORDER BY row LIMIT ?2
