-- Version 10: whether the writing of a book is plain, as it was when the book was last weighed.

ALTER TABLE books ADD COLUMN plain INTEGER NOT NULL DEFAULT 0 CHECK (plain IN (0, 1));
