//! The program as its users meet it: started, fed, interrupted, killed.

#![allow(clippy::unwrap_used)] // A test that cannot go on shall stop.

mod adapt;
mod bad_input;
mod books;
mod capture;
mod counter;
mod interruption;
mod issuing;
mod office;
mod samples;
mod serve;
mod spreadsheets;
mod store_trouble;
mod trust;
