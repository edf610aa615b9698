-- Version 3: what trust needs. Fields keep every value they may have with the text it comes from, how
-- sure it is that nothing is written, and why a person must look.

ALTER TABLE fields RENAME COLUMN alternatives TO candidates;
UPDATE fields SET candidates = '[]';
ALTER TABLE fields ADD COLUMN blank REAL NOT NULL DEFAULT 0 CHECK (blank BETWEEN 0 AND 1);
ALTER TABLE fields ADD COLUMN reasons TEXT NOT NULL DEFAULT '[]';

-- 1 once the book has been weighed as a whole since its pages were last read.
ALTER TABLE books ADD COLUMN weighed INTEGER NOT NULL DEFAULT 0 CHECK (weighed IN (0, 1));

-- What the office has settled for this store: its contract on errors, its own calibration.
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    set_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What people said, for the audits of what machines had accepted; a small part of the history.
CREATE INDEX field_history_by_people ON field_history (entry) WHERE who <> 'machine';
