-- Sets what an account holds. The table refuses a guarded one below zero.
-- Index: primary key. One row.
INSERT INTO accounts (tenant, ledger, account, unit, balance, guarded) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (tenant, ledger, account) DO UPDATE SET balance = excluded.balance, guarded = excluded.guarded
