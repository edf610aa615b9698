-- Version 1 of the store. Versions are applied in order, each in one transaction; a released
-- script is never edited, the next change is the next script.
--
-- Numbers that are worked out, so that the order of rows never depends on the order of work:
--   entries.id        = scans.id * 4096 + number of the entry on its scan
--   search_text.rowid = entries.id * 256 + position of the field (0: the entry as a whole)

PRAGMA application_id = 1752134761; -- "hoti"

-- Each start of the program that wrote something.
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    program TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT
) STRICT;

CREATE TABLE books (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT,
    year INTEGER,
    office TEXT,
    volume TEXT
) STRICT;

-- One page of one file, by its content; `path` is text, or bytes where it is not UTF-8.
CREATE TABLE scans (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    page INTEGER NOT NULL,
    page_count INTEGER NOT NULL,
    name TEXT NOT NULL,
    path ANY NOT NULL,
    book INTEGER NOT NULL REFERENCES books,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'read', 'failed')),
    failure_reason TEXT,
    failure_message TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    timings TEXT NOT NULL DEFAULT '[]',
    run INTEGER REFERENCES runs,
    updated_at TEXT,
    UNIQUE (hash, page),
    CHECK (state <> 'failed' OR failure_reason IS NOT NULL)
) STRICT;

CREATE INDEX scans_by_book ON scans (book);

-- Other names under which the same content was met.
CREATE TABLE scan_aliases (
    scan INTEGER NOT NULL REFERENCES scans,
    name TEXT NOT NULL,
    path ANY NOT NULL,
    PRIMARY KEY (scan, name, path)
) STRICT, WITHOUT ROWID;

-- Files of which not even the pages could be counted.
CREATE TABLE failed_files (
    path ANY PRIMARY KEY,
    name TEXT NOT NULL,
    book INTEGER NOT NULL REFERENCES books,
    failure_reason TEXT NOT NULL,
    failure_message TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    run INTEGER REFERENCES runs,
    updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Straightened pages of a scan: one, or the two halves of a spread.
CREATE TABLE pages (
    scan INTEGER NOT NULL REFERENCES scans,
    half INTEGER NOT NULL,
    not_a_form TEXT,
    form TEXT,
    kind TEXT,
    match_score REAL,
    skew_deg REAL,
    problems TEXT NOT NULL,
    to_scan TEXT NOT NULL,
    image TEXT,
    PRIMARY KEY (scan, half),
    CHECK ((not_a_form IS NULL) = (form IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE entries (
    id INTEGER PRIMARY KEY CHECK (id = scan * 4096 + number),
    scan INTEGER NOT NULL REFERENCES scans,
    half INTEGER NOT NULL,
    number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 4095),
    kind TEXT NOT NULL,
    form TEXT NOT NULL
) STRICT;

CREATE TABLE engines (
    id INTEGER PRIMARY KEY,
    version TEXT NOT NULL UNIQUE
) STRICT;

-- The present value of every field; `settled_by` names the person who settled it.
CREATE TABLE fields (
    entry INTEGER NOT NULL REFERENCES entries ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position BETWEEN 1 AND 255),
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    value TEXT NOT NULL,
    raw TEXT NOT NULL,
    confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    status TEXT NOT NULL,
    ink TEXT,
    place TEXT NOT NULL,
    alternatives TEXT NOT NULL,
    engine INTEGER REFERENCES engines,
    settled_by TEXT,
    PRIMARY KEY (entry, position)
) STRICT, WITHOUT ROWID;

-- Every value a field ever had or was offered; outlives the entry. `status_after` is null when the
-- field was withdrawn; `applied` is 0 for a machine reading that met a settled value.
CREATE TABLE field_history (
    id INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL,
    field TEXT NOT NULL,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    run INTEGER REFERENCES runs,
    engine INTEGER REFERENCES engines,
    value TEXT NOT NULL,
    raw TEXT NOT NULL,
    confidence REAL NOT NULL,
    ink TEXT,
    status_before TEXT,
    status_after TEXT,
    applied INTEGER NOT NULL CHECK (applied IN (0, 1))
) STRICT;

CREATE INDEX field_history_by_entry ON field_history (entry);

CREATE TRIGGER field_history_never_changes BEFORE UPDATE ON field_history
BEGIN
    SELECT RAISE (ABORT, 'the history of values is never changed');
END;

CREATE TRIGGER field_history_never_shrinks BEFORE DELETE ON field_history
BEGIN
    SELECT RAISE (ABORT, 'the history of values is never deleted');
END;

CREATE TABLE fired_rules (
    entry INTEGER NOT NULL REFERENCES entries ON DELETE CASCADE,
    position INTEGER NOT NULL,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL,
    fields TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (entry, position)
) STRICT, WITHOUT ROWID;

-- One row for every person and place of an entry, and one for the entry. The program makes the
-- terms, whose first letter says what they are (see store/search/index.rs), so the tokenizer only
-- splits at spaces. Nothing is ordered by bm25 and no phrases are searched: which rows a term is in
-- is all that need be kept.
CREATE VIRTUAL TABLE search_text USING fts5 (
    terms,
    content = '', contentless_delete = 1, detail = 'none', tokenize = 'ascii'
);

-- Every word ever indexed, with the number of rows it is in, so that the rarest is asked first;
-- below, each word with one letter left out: finds words one letter away.
CREATE TABLE search_words (
    word TEXT PRIMARY KEY,
    rows INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE search_variants (
    variant TEXT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (variant, word)
) STRICT, WITHOUT ROWID;
