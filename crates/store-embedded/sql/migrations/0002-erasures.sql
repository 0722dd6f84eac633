-- Versions that were removed for good.
--
-- Their rows stay, so that rows are numbered without gaps and no version number is given twice; their content does not.

-- The number of the erasure that emptied the row: `state` is 0 then, and `body` NULL. NULL: it is as it was written.
ALTER TABLE versions ADD COLUMN erased INTEGER;

-- One row for each resource of which a commit erased something: `versions` of its versions, none of them after `through`.
CREATE TABLE erasures (
    number   INTEGER PRIMARY KEY,
    tenant   INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    id       TEXT    NOT NULL,
    through  INTEGER NOT NULL CHECK (through > 0),
    versions INTEGER NOT NULL CHECK (versions > 0)
) STRICT;

CREATE INDEX erasures_of_commit ON erasures (tenant, sequence, number);
