-- The log of issued copies, "Sổ cấp bản sao trích lục hộ tịch". The numbers of a symbol begin with 1 each
-- year and have no gap. What was issued is never changed; a spoiled print is voided, and its number stays taken.

-- `entry` is the number of the entry when it was issued; a page may be read again later, so nothing
-- points there. `record` is its name. `content_hash` is the hash of everything the copy says.
CREATE TABLE issued_copies (
    id INTEGER PRIMARY KEY,
    symbol TEXT NOT NULL CHECK (symbol <> ''),
    year INTEGER NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    paper TEXT NOT NULL,
    paper_name TEXT NOT NULL,
    entry INTEGER NOT NULL,
    record TEXT NOT NULL,
    requester TEXT NOT NULL CHECK (requester <> ''),
    relation TEXT NOT NULL,
    identity_paper TEXT NOT NULL,
    copies INTEGER NOT NULL CHECK (copies > 0),
    fee INTEGER NOT NULL CHECK (fee >= 0),
    signer TEXT NOT NULL,
    signer_title TEXT NOT NULL,
    note TEXT NOT NULL,
    issued_by TEXT NOT NULL,
    issued_on TEXT NOT NULL,
    issued_at TEXT NOT NULL,
    content_hash BLOB NOT NULL CHECK (length(content_hash) = 32),
    document_hash BLOB NOT NULL CHECK (length(document_hash) = 32),
    UNIQUE (symbol, year, number)
) STRICT;

CREATE INDEX issued_copies_by_document ON issued_copies (document_hash);
CREATE INDEX issued_copies_by_year ON issued_copies (year, id);

-- The documents themselves, apart from the log so that walking through the log stays quick.
CREATE TABLE issued_documents (
    copy INTEGER PRIMARY KEY REFERENCES issued_copies,
    pdf BLOB NOT NULL
) STRICT;

CREATE TABLE voided_copies (
    copy INTEGER PRIMARY KEY REFERENCES issued_copies,
    reason TEXT NOT NULL CHECK (reason <> ''),
    who TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;

CREATE TRIGGER issued_copies_have_no_gap BEFORE INSERT ON issued_copies
WHEN NEW.number <> 1 + coalesce(
    (SELECT max(number) FROM issued_copies WHERE symbol = NEW.symbol AND year = NEW.year), 0)
BEGIN
    SELECT RAISE (ABORT, 'numbers of issued copies have no gap');
END;

CREATE TRIGGER issued_copies_never_change BEFORE UPDATE ON issued_copies
BEGIN
    SELECT RAISE (ABORT, 'what was issued is never changed');
END;

CREATE TRIGGER issued_copies_never_shrink BEFORE DELETE ON issued_copies
BEGIN
    SELECT RAISE (ABORT, 'what was issued is never deleted');
END;

CREATE TRIGGER issued_documents_never_change BEFORE UPDATE ON issued_documents
BEGIN
    SELECT RAISE (ABORT, 'what was issued is never changed');
END;

CREATE TRIGGER issued_documents_never_shrink BEFORE DELETE ON issued_documents
BEGIN
    SELECT RAISE (ABORT, 'what was issued is never deleted');
END;

CREATE TRIGGER voided_copies_never_change BEFORE UPDATE ON voided_copies
BEGIN
    SELECT RAISE (ABORT, 'what was voided stays voided');
END;

CREATE TRIGGER voided_copies_never_shrink BEFORE DELETE ON voided_copies
BEGIN
    SELECT RAISE (ABORT, 'what was voided stays voided');
END;
