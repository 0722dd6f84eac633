-- Appends a posting of a commit.
-- Index: the table's own order. One row, at the end of its tenant.
INSERT INTO postings (tenant, sequence, ordinal, ledger, account, unit, amount) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
