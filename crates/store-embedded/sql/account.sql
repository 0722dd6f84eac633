-- What an account holds.
-- Index: primary key. One row.
SELECT unit, balance, guarded FROM accounts WHERE tenant = ?1 AND ledger = ?2 AND account = ?3
