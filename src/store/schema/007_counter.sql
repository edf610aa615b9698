-- Version 7: the clerk's counter. Who looked up whom and why; orders that were carried out, so that the same order sent
-- twice is one copy; and the number with which an office begins that kept its log elsewhere before.

CREATE TABLE lookups (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts,
    who TEXT NOT NULL,
    entry INTEGER NOT NULL,
    record TEXT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('issue', 'verify', 'correct', 'other')),
    remark TEXT NOT NULL,
    CHECK (purpose <> 'other' OR remark <> '')
) STRICT;

CREATE INDEX lookups_by_at ON lookups (at);
CREATE INDEX lookups_by_who ON lookups (who, id);
CREATE INDEX lookups_by_record ON lookups (record, id);

CREATE TRIGGER lookups_never_change BEFORE UPDATE ON lookups
BEGIN
    SELECT RAISE (ABORT, 'the log of look-ups is never changed');
END;

CREATE TRIGGER lookups_never_shrink BEFORE DELETE ON lookups
BEGIN
    SELECT RAISE (ABORT, 'the log of look-ups is never deleted');
END;

-- The id is made by the browser before anything is sent.
CREATE TABLE copy_orders (
    id TEXT PRIMARY KEY,
    copy INTEGER NOT NULL REFERENCES issued_copies
) STRICT, WITHOUT ROWID;

CREATE INDEX issued_copies_by_record ON issued_copies (record);

-- Only ever added to; the latest holds, and none once a copy of the series is issued.
CREATE TABLE first_numbers (
    id INTEGER PRIMARY KEY,
    symbol TEXT NOT NULL CHECK (symbol <> ''),
    year INTEGER NOT NULL,
    first INTEGER NOT NULL CHECK (first > 0),
    who TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;

CREATE TRIGGER first_numbers_come_first BEFORE INSERT ON first_numbers
WHEN EXISTS (SELECT 1 FROM issued_copies WHERE symbol = NEW.symbol AND year = NEW.year)
BEGIN
    SELECT RAISE (ABORT, 'copies of this series have been issued already');
END;

CREATE TRIGGER first_numbers_never_change BEFORE UPDATE ON first_numbers
BEGIN
    SELECT RAISE (ABORT, 'first numbers are never changed');
END;

CREATE TRIGGER first_numbers_never_shrink BEFORE DELETE ON first_numbers
BEGIN
    SELECT RAISE (ABORT, 'first numbers are never deleted');
END;

DROP TRIGGER issued_copies_have_no_gap;

CREATE TRIGGER issued_copies_have_no_gap BEFORE INSERT ON issued_copies
WHEN NEW.number <> coalesce(
    (SELECT 1 + max(number) FROM issued_copies WHERE symbol = NEW.symbol AND year = NEW.year),
    (SELECT first FROM first_numbers WHERE symbol = NEW.symbol AND year = NEW.year ORDER BY id DESC LIMIT 1),
    1)
BEGIN
    SELECT RAISE (ABORT, 'numbers of issued copies have no gap');
END;
