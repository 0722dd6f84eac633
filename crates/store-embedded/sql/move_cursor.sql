-- Moves a cursor.
-- Index: primary key. One row.
INSERT INTO cursors (tenant, name, sequence) VALUES (?1, ?2, ?3)
ON CONFLICT (tenant, name) DO UPDATE SET sequence = excluded.sequence
