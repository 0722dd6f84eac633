-- Appends a commit.
-- Index: the table's own order. One row, at the end of its tenant.
INSERT INTO commits (tenant, sequence, at, actor, reason, first_row, row_count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
