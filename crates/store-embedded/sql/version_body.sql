-- What is needed to hand out a version's text.
-- Index: the table's own order. One row.
SELECT version, at, stamp_at, dictionary, body, erased IS NOT NULL FROM versions WHERE row = ?1
