-- Version 8: what spreadsheets say that were keyed earlier, and what was sent back of those handed over.

-- What the latest spreadsheet says of a field: evidence when its book is weighed, and shown to whoever looks at it.
CREATE TABLE sheet_values (
    entry INTEGER NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (entry, field)
) STRICT, WITHOUT ROWID;

-- Fields of rows that the Ministry's software sent back; closed when a person has looked.
CREATE TABLE sheet_rejections (
    entry INTEGER NOT NULL,
    field TEXT NOT NULL,
    why TEXT NOT NULL,
    at TEXT NOT NULL,
    closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
    PRIMARY KEY (entry, field)
) STRICT, WITHOUT ROWID;
