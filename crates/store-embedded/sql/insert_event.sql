-- Appends an event of a commit.
-- Index: the table's own order. One row, at the end of its tenant.
INSERT INTO events (tenant, sequence, ordinal, topic, payload) VALUES (?1, ?2, ?3, ?4, ?5)
