-- Takes a subject for a holder, or replaces what the holder has of it.
-- Index: primary key. One row.
INSERT INTO claims (tenant, subject, holder, start, until, capacity, units, lease_until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (tenant, subject, holder) DO UPDATE SET start = excluded.start, until = excluded.until, capacity = excluded.capacity,
    units = excluded.units, lease_until = excluded.lease_until
