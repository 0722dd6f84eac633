-- The last commit of every tenant; once, when the store opens.
-- Index: none needed. One row for each tenant.
SELECT tenant, sequence, at, jobs FROM tenants
