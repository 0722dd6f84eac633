-- Takes a finished job out of line.
-- Index: primary key. At most one row.
DELETE FROM jobs WHERE tenant = ?1 AND number = ?2
