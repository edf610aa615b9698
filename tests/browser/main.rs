//! The pages as people meet them: in Chromium, by keyboard. `scripts/test` installs the browser when it is missing.

#![allow(clippy::unwrap_used)] // A test that cannot go on shall stop.

mod clerks;
mod colleagues;
mod entries;
mod office;
mod pages;
mod typing;
mod verifiers;
