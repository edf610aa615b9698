-- Candidates for entries that belong together. Nothing is ever merged; what people say of a candidate
-- is only ever added to, and the latest holds.

CREATE TABLE links (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('same_event', 'same_person', 'same_parents')),
    first INTEGER NOT NULL,
    first_role TEXT NOT NULL,
    second INTEGER NOT NULL CHECK (second > first),
    second_role TEXT NOT NULL,
    score REAL NOT NULL CHECK (score BETWEEN 0 AND 1),
    reasons TEXT NOT NULL,
    found_at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'confirmed', 'refused')),
    UNIQUE (kind, first, second, first_role, second_role)
) STRICT;

CREATE INDEX links_by_first ON links (first);
CREATE INDEX links_by_second ON links (second);

CREATE TABLE link_events (
    id INTEGER PRIMARY KEY,
    link INTEGER NOT NULL REFERENCES links,
    state TEXT NOT NULL CHECK (state IN ('confirmed', 'refused')),
    who TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;

CREATE INDEX link_events_by_link ON link_events (link);

CREATE TRIGGER link_events_never_change BEFORE UPDATE ON link_events
BEGIN
    SELECT RAISE (ABORT, 'what people say of links is never changed');
END;

CREATE TRIGGER link_events_never_shrink BEFORE DELETE ON link_events
BEGIN
    SELECT RAISE (ABORT, 'what people say of links is never deleted');
END;
