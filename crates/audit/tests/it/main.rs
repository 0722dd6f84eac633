//! The integration tests of audit.

mod balp;
mod events;
mod journal;
mod materialise;
mod merkle;
mod sample;
mod writes;
