-- Commits whose events are not numbered 0 to n.
SELECT count(*) FROM (SELECT 1 FROM events GROUP BY tenant, sequence HAVING max(ordinal) + 1 <> count(*) OR min(ordinal) <> 0)
