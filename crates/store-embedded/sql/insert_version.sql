-- Appends a version.
-- Index: the table's own order. One row, at the end.
INSERT INTO versions (row, tenant, sequence, resource, kind, id, version, state, at, stamp_at, dictionary, body)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
