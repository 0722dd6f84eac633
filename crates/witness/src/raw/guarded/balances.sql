-- Accounts that hold something else than the sum of their postings, have postings in another unit, or are guarded and below zero.
SELECT count(*) FROM accounts AS a
LEFT JOIN (SELECT tenant, ledger, account, sum(amount) AS held, min(unit) AS unit, max(unit) AS other FROM postings GROUP BY tenant, ledger, account) AS p
    ON p.tenant = a.tenant AND p.ledger = a.ledger AND p.account = a.account
WHERE p.held IS NOT a.balance OR p.unit IS NOT a.unit OR p.other IS NOT a.unit OR (a.guarded AND a.balance < 0)
