-- The events of a commit, in order.
-- Index: primary key. As many rows as the commit has events.
SELECT topic, payload FROM events WHERE tenant = ?1 AND sequence = ?2 ORDER BY ordinal
