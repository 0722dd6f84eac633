-- How many versions have a body, and how many of those are sealed.
-- Index: the table's own order, all of it: when an operator asks.
SELECT count(*), count(*) FILTER (WHERE substr(body, 1, 1) = x'01') FROM versions WHERE body IS NOT NULL
