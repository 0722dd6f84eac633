-- The truth: an append-only log of commits and the versions they wrote, and small guarded tables.
--
-- Rows of `commits`, `versions`, `events` and `postings` are only ever appended, in the order of their keys, so that a write touches the
-- last pages of a table and no others. They have no secondary index: what is looked up otherwise is in the derived index.

-- Facts about this file: `instance`, a random number that names it and changes when a backup is restored.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The last commit of each tenant, when it was, and the number of the tenant's last job.
CREATE TABLE tenants (
    tenant   INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    at       INTEGER NOT NULL,
    jobs     INTEGER NOT NULL
) STRICT;

-- One row for each commit. The versions it wrote are the rows from first_row on, row_count of them.
CREATE TABLE commits (
    tenant    INTEGER NOT NULL,
    sequence  INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    actor     TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    first_row INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    PRIMARY KEY (tenant, sequence)
) STRICT, WITHOUT ROWID;

-- One row for each version of a resource, never changed. `resource` is the row of its first version.
-- state: 0 deleted, 1 updated, 2 created. body: zstd under that dictionary (0: none), without the stamp, which goes to stamp_at.
CREATE TABLE versions (
    row        INTEGER PRIMARY KEY,
    tenant     INTEGER NOT NULL,
    sequence   INTEGER NOT NULL,
    resource   INTEGER NOT NULL CHECK (resource <= row),
    kind       TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    version    INTEGER NOT NULL CHECK (version > 0),
    state      INTEGER NOT NULL CHECK (state IN (0, 1, 2)),
    at         INTEGER NOT NULL,
    stamp_at   INTEGER NOT NULL,
    dictionary INTEGER NOT NULL,
    body       BLOB    CHECK ((body IS NULL) = (state = 0))
) STRICT;

-- The dictionaries that bodies were compressed with. None is ever dropped.
CREATE TABLE dictionaries (
    number INTEGER PRIMARY KEY,
    bytes  BLOB NOT NULL
) STRICT;

-- Messages of the change feed.
CREATE TABLE events (
    tenant   INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    ordinal  INTEGER NOT NULL,
    topic    TEXT    NOT NULL,
    payload  BLOB    NOT NULL,
    PRIMARY KEY (tenant, sequence, ordinal)
) STRICT, WITHOUT ROWID;

-- Places of the change feed's consumers.
CREATE TABLE cursors (
    tenant   INTEGER NOT NULL,
    name     TEXT    NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

-- Sequences without gaps: the number that comes next.
CREATE TABLE numbers (
    tenant INTEGER NOT NULL,
    name   TEXT    NOT NULL,
    next   INTEGER NOT NULL CHECK (next > 0),
    PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

-- What accounts hold. A guarded one is never below zero.
CREATE TABLE accounts (
    tenant  INTEGER NOT NULL,
    ledger  TEXT    NOT NULL,
    account TEXT    NOT NULL,
    unit    TEXT    NOT NULL,
    balance INTEGER NOT NULL,
    guarded INTEGER NOT NULL CHECK (guarded IN (0, 1)),
    PRIMARY KEY (tenant, ledger, account),
    CHECK (guarded = 0 OR balance >= 0)
) STRICT, WITHOUT ROWID;

-- The movements that made the balances.
CREATE TABLE postings (
    tenant   INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    ordinal  INTEGER NOT NULL,
    ledger   TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    unit     TEXT    NOT NULL,
    amount   INTEGER NOT NULL,
    PRIMARY KEY (tenant, sequence, ordinal)
) STRICT, WITHOUT ROWID;

-- What is held, by whom. A holder holds a subject once.
CREATE TABLE claims (
    tenant      INTEGER NOT NULL,
    subject     TEXT    NOT NULL,
    holder      TEXT    NOT NULL,
    start       INTEGER NOT NULL,
    until       INTEGER NOT NULL CHECK (until > start),
    capacity    INTEGER NOT NULL CHECK (capacity > 0),
    units       INTEGER NOT NULL CHECK (units BETWEEN 1 AND capacity),
    lease_until INTEGER,
    PRIMARY KEY (tenant, subject, holder)
) STRICT, WITHOUT ROWID;

-- Work to be done. A finished job is gone; its number is not given again.
CREATE TABLE jobs (
    tenant       INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    kind         TEXT    NOT NULL,
    payload      BLOB    NOT NULL,
    not_before   INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    attempt      INTEGER NOT NULL,
    PRIMARY KEY (tenant, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX jobs_in_order ON jobs (tenant, kind, number);
