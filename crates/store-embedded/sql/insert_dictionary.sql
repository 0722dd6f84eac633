-- Keeps a dictionary.
-- Index: the table's own order. One row.
INSERT INTO dictionaries (number, bytes) VALUES (?1, ?2)
