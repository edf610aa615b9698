-- What a book says of itself in numbers, and what people say of its numbers. Statements are only
-- ever added; the latest about a number holds.

ALTER TABLE books ADD COLUMN first_number INTEGER;
ALTER TABLE books ADD COLUMN last_number INTEGER;
ALTER TABLE books ADD COLUMN entries INTEGER;
ALTER TABLE books ADD COLUMN pages INTEGER;

CREATE TABLE number_statements (
    id INTEGER PRIMARY KEY,
    book INTEGER NOT NULL REFERENCES books,
    year INTEGER,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL CHECK (last >= first),
    account TEXT NOT NULL CHECK (account IN ('voided', 'lost', 'withdrawn')),
    reason TEXT NOT NULL,
    who TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;

CREATE INDEX number_statements_by_book ON number_statements (book);

CREATE TRIGGER number_statements_never_change BEFORE UPDATE ON number_statements
BEGIN
    SELECT RAISE (ABORT, 'statements about numbers are never changed');
END;

CREATE TRIGGER number_statements_never_shrink BEFORE DELETE ON number_statements
BEGIN
    SELECT RAISE (ABORT, 'statements about numbers are never deleted');
END;

-- The totals of closing statements as people keyed them.
CREATE TABLE closing_totals (
    id INTEGER PRIMARY KEY,
    book INTEGER NOT NULL REFERENCES books,
    first_number INTEGER,
    last_number INTEGER,
    entries INTEGER,
    pages INTEGER,
    who TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
