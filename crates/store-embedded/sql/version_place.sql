-- Which version a row has: its body opens as that of no other.
-- Index: the table's own order. One row.
SELECT tenant, kind, id FROM versions WHERE row = ?1
