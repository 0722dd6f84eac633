-- Removes the dictionaries up to a number, when no body is compressed with one of them any more.
-- Index: the versions' own order, all of it: once, when bodies have been sealed anew.
DELETE FROM dictionaries
WHERE number <= ?1 AND NOT EXISTS (SELECT 1 FROM versions WHERE dictionary BETWEEN 1 AND ?1 AND body IS NOT NULL)
