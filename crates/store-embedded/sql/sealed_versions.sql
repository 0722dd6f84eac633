-- The versions whose bodies are sealed, with the beginning of the sealed form, which names the key: to empty those of a destroyed key.
-- Index: the table's own order, all of it: only when a database lags behind the list of erasures.
SELECT row, tenant, kind, id, version, substr(body, 1, 9) FROM versions WHERE erased IS NULL AND substr(body, 1, 1) = x'01'
