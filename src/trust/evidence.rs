//! Evidence from elsewhere: the other fields of the entry, the other entries of the book.

pub(super) mod days;
pub(super) mod entry;
pub(super) mod sequence;
pub(super) mod words;
