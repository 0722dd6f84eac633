-- Jobs with a number that their tenant has not given yet.
SELECT count(*) FROM jobs AS j WHERE j.number > (SELECT coalesce(max(t.jobs), 0) FROM tenants AS t WHERE t.tenant = j.tenant)
