//! hotich reads Vietnam's civil-status registers (sổ hộ tịch) into records that can be trusted.
//!
//! The house, in the order a page walks through it:
//! [`ingest`] files to scans, [`straighten`] scan to upright page, [`locate`] page to form and
//! fields, [`read`] field to readings, [`assemble`] readings to a draft record, [`trust`] draft to
//! statuses, [`store`] records kept and found again, [`issue`] papers made of them, [`export`]
//! records handed on, [`web`] the pages on which people settle what the machine was unsure of.
//! [`pipeline`] writes that order down once; [`cli`] is the rim. [`domain`] holds the nouns all of
//! them share and [`engine`] is the only door to the C libraries; [`handwriting`] is our own reader
//! of what people wrote by hand.

pub mod assemble;
pub mod batch;
pub mod certify;
pub mod cli;
pub mod counter;
pub mod domain;
pub mod engine;
pub mod evaluate;
pub mod export;
pub mod handwriting;
pub mod ingest;
pub mod issue;
pub mod link;
pub mod locate;
pub mod pipeline;
pub mod read;
pub mod reread;
pub mod store;
pub mod straighten;
pub mod trust;
pub mod web;
pub mod weighing;
