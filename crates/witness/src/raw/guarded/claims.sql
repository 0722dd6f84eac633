-- Claims at whose beginning more units of their subject are taken than there are, or of which another says another capacity. One whose lease had
-- ended by the last commit does not count: it goes with the next claim.
WITH held AS (
    SELECT * FROM claims AS c
    WHERE lease_until IS NULL OR lease_until > (SELECT max(at) FROM tenants)
)
SELECT count(*) FROM held AS c
WHERE (SELECT sum(o.units) FROM held AS o WHERE o.tenant = c.tenant AND o.subject = c.subject AND o.start <= c.start AND c.start < o.until) > c.capacity
    OR EXISTS (SELECT 1 FROM held AS o WHERE o.tenant = c.tenant AND o.subject = c.subject AND o.capacity <> c.capacity)
