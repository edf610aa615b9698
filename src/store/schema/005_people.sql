-- Version 5: people. Who may sign in, the queue of what somebody must look at, and what they answer.
-- Moments of leases and sessions are milliseconds since 1970, so that they compare as numbers.

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    full_name TEXT NOT NULL,
    roles TEXT NOT NULL,
    password_hash TEXT,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    created_at TEXT NOT NULL
) STRICT;

-- One-time links by which a person sets a password; only the hash of the link's secret is kept.
CREATE TABLE invitations (
    secret_hash BLOB PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES accounts,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    secret_hash BLOB PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES accounts,
    started INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What happened to accounts: made, changed, signed in, refused.
CREATE TABLE account_events (
    id INTEGER PRIMARY KEY,
    account INTEGER REFERENCES accounts,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL
) STRICT;

-- What a person found beside the value: the book really says so, it is struck through.
ALTER TABLE fields ADD COLUMN marks TEXT NOT NULL DEFAULT '[]';

-- One row for every field somebody must look at. It follows the fields; the lease outlives a change.
-- `purpose`: review (a doubt), second (keyed blind once), third (two keyings differ), audit (accepted, or
-- confirmed among many, and drawn by lot), seed (known already). `likeness` is what fields must share to be looked at together.
CREATE TABLE queue (
    entry INTEGER NOT NULL REFERENCES entries ON DELETE CASCADE,
    field TEXT NOT NULL,
    book INTEGER NOT NULL,
    kind TEXT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('review', 'second', 'third', 'audit', 'seed')),
    reason TEXT NOT NULL,
    worth REAL NOT NULL,
    likeness TEXT NOT NULL,
    lease TEXT,
    holder INTEGER REFERENCES accounts,
    leased_until INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (entry, field)
) STRICT, WITHOUT ROWID;

CREATE INDEX queue_by_worth ON queue (worth DESC);
CREATE INDEX queue_by_book ON queue (book, worth DESC);
CREATE INDEX queue_by_field ON queue (field, worth DESC);
CREATE INDEX queue_by_book_and_field ON queue (book, field, worth DESC);
CREATE INDEX queue_by_reason ON queue (reason, worth DESC);
CREATE INDEX queue_by_lease ON queue (lease) WHERE lease IS NOT NULL;
CREATE INDEX queue_by_likeness ON queue (book, field, likeness) WHERE purpose = 'review';

-- What was said of a field before it is settled: blind keyings, and that a colleague shall look.
CREATE TABLE keyings (
    id INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL,
    field TEXT NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts,
    verdict TEXT NOT NULL,
    value TEXT NOT NULL,
    marks TEXT NOT NULL,
    answer TEXT NOT NULL,
    current INTEGER NOT NULL DEFAULT 1 CHECK (current IN (0, 1))
) STRICT;

CREATE INDEX keyings_by_field ON keyings (entry, field) WHERE current = 1;

-- Every answer of a person, undone ones and the undoing too. The id is made by the browser, so that
-- an answer sent twice is one. `before` is the field as it stood; `history` the line it wrote there.
CREATE TABLE answers (
    id TEXT PRIMARY KEY,
    entry INTEGER NOT NULL,
    field TEXT NOT NULL,
    book INTEGER NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts,
    at TEXT NOT NULL,
    seconds REAL,
    purpose TEXT NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    remark TEXT NOT NULL,
    before TEXT NOT NULL,
    verdict TEXT NOT NULL,
    value TEXT NOT NULL,
    history INTEGER,
    undoes TEXT REFERENCES answers
) STRICT;

CREATE INDEX answers_by_field ON answers (entry, field);
CREATE INDEX answers_by_account ON answers (account, at);
CREATE INDEX answers_by_book ON answers (book);
CREATE INDEX answers_by_history ON answers (history) WHERE history IS NOT NULL;
CREATE UNIQUE INDEX answers_undone ON answers (undoes) WHERE undoes IS NOT NULL;

CREATE TRIGGER answers_never_change BEFORE UPDATE ON answers
BEGIN
    SELECT RAISE (ABORT, 'answers are never changed');
END;

CREATE TRIGGER answers_never_shrink BEFORE DELETE ON answers
BEGIN
    SELECT RAISE (ABORT, 'answers are never deleted');
END;

-- Pages a person must look at as a whole, and what was said of them.
CREATE TABLE page_queue (
    scan INTEGER NOT NULL REFERENCES scans,
    half INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (scan, half)
) STRICT, WITHOUT ROWID;

CREATE TABLE page_answers (
    id INTEGER PRIMARY KEY,
    scan INTEGER NOT NULL,
    half INTEGER NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts,
    at TEXT NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;

CREATE INDEX page_answers_by_page ON page_answers (scan, half);
