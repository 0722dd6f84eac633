-- When a commit was, and where its versions are.
-- Index: primary key. One row.
SELECT at, first_row, row_count FROM commits WHERE tenant = ?1 AND sequence = ?2
