-- Versions, not erased, that say created (2) when a living one was before, updated (1) when none was, or deleted (0) when nothing was there to delete.
SELECT count(*) FROM (
    SELECT state, erased, lag(state, 1, 0) OVER of_resource AS before, lag(erased) OVER of_resource AS before_erased
    FROM versions WINDOW of_resource AS (PARTITION BY tenant, kind, id ORDER BY version)
)
WHERE erased IS NULL AND before_erased IS NULL AND state <> CASE WHEN before = 0 THEN 2 WHEN state = 0 THEN 0 ELSE 1 END
