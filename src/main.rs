//! hotich: the command line.

fn main() {}
