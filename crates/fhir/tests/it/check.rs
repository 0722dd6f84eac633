//! The structural check, against what is sound, by single faults, and by faults at random.

mod corpora;
mod mutations;
mod primitives;
mod rules;
mod sites;
