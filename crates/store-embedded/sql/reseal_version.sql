-- Puts another sealed form of the same body, and its dictionary, in the place of the one that was read; not when that is another one by now, or was erased.
-- Index: the table's own order. One row.
UPDATE versions SET body = ?3, dictionary = ?4 WHERE row = ?1 AND body = ?2
