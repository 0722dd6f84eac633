-- The lowest version of a key that any body is sealed with: before old versions of a tenant's key are retired.
-- Index: the table's own order, all of it: when an operator asks.
SELECT min(substr(body, 10, 4)) FROM versions WHERE substr(body, 1, 9) = ?1
