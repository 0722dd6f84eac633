-- Versions whose `resource` is not the row of the first version of their resource.
SELECT count(*) FROM versions AS v
JOIN (SELECT tenant, kind, id, min(row) AS first FROM versions GROUP BY tenant, kind, id) AS f
    ON f.tenant = v.tenant AND f.kind = v.kind AND f.id = v.id
WHERE v.resource <> f.first
