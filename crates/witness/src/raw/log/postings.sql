-- Postings that name no commit.
SELECT count(*) FROM postings AS p WHERE NOT EXISTS (SELECT 1 FROM commits AS c WHERE c.tenant = p.tenant AND c.sequence = p.sequence)
