-- Events that name no commit.
SELECT count(*) FROM events AS e WHERE NOT EXISTS (SELECT 1 FROM commits AS c WHERE c.tenant = e.tenant AND c.sequence = e.sequence)
