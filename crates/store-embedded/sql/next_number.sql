-- The number that a sequence gives next.
-- Index: primary key. One row.
SELECT next FROM numbers WHERE tenant = ?1 AND name = ?2
