//! The program as its users meet it: started, fed, interrupted, killed.

mod bad_input;
mod capture;
mod interruption;
mod office;
mod samples;
mod store_trouble;
