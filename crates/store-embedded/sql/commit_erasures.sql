-- What a commit erased, in order.
-- Index: erasures_of_commit. As many rows as the commit erased something of resources.
SELECT kind, id, through, versions FROM erasures WHERE tenant = ?1 AND sequence = ?2 ORDER BY number
