-- Notes what a commit erased of a resource.
-- Index: the table's own order. One row, at the end.
INSERT INTO erasures (number, tenant, sequence, kind, id, through, versions) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
