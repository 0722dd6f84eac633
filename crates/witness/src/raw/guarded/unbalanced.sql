-- Commits whose postings do not sum to zero in a ledger and unit.
SELECT count(*) FROM (SELECT 1 FROM postings GROUP BY tenant, sequence, ledger, unit HAVING sum(amount) <> 0)
