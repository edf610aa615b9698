-- Version 9: people's hand in which entries there are, what they register and where their fields stand.

-- Every entry there ever was. Those that hold are the view `entries`; one that a person has withdrawn keeps
-- its fields and can be brought back. `shaped`: a person drew the entry or said what it registers, so a
-- later reading of the page adds no field to it and takes none away.
ALTER TABLE entries RENAME TO all_entries;
ALTER TABLE all_entries ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1));
ALTER TABLE all_entries ADD COLUMN shaped INTEGER NOT NULL DEFAULT 0 CHECK (shaped IN (0, 1));
CREATE INDEX withdrawn_entries ON all_entries (id) WHERE withdrawn = 1;
CREATE VIEW entries AS SELECT id, scan, half, number, kind, form FROM all_entries WHERE withdrawn = 0;

-- Who drew the box of a field; none while it stands where the machine found it.
ALTER TABLE fields ADD COLUMN placed_by TEXT;

-- What people did to entries as a whole and to the boxes of their fields. The id is made by the browser, so
-- that what is sent twice is one. `before` and `after` are what it changed; `answers` is the last answer
-- there was (its rowid), so that what came later can be told.
CREATE TABLE entry_events (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    entry INTEGER NOT NULL,
    field TEXT,
    book INTEGER NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts,
    at TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN
        ('added', 'withdrawn', 'brought_back', 'form_corrected', 'box_moved', 'undone')),
    remark TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    answers INTEGER NOT NULL,
    undoes TEXT REFERENCES entry_events (id)
) STRICT;

CREATE INDEX entry_events_by_entry ON entry_events (entry);
CREATE INDEX entry_events_by_book ON entry_events (book);
CREATE UNIQUE INDEX entry_events_undone ON entry_events (undoes) WHERE undoes IS NOT NULL;

CREATE TRIGGER entry_events_never_change BEFORE UPDATE ON entry_events
BEGIN
    SELECT RAISE (ABORT, 'what people did to entries is never changed');
END;

CREATE TRIGGER entry_events_never_shrink BEFORE DELETE ON entry_events
BEGIN
    SELECT RAISE (ABORT, 'what people did to entries is never deleted');
END;
