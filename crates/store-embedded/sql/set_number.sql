-- Sets the number that a sequence gives next.
-- Index: primary key. One row.
INSERT INTO numbers (tenant, name, next) VALUES (?1, ?2, ?3)
ON CONFLICT (tenant, name) DO UPDATE SET next = excluded.next
