//! The integration tests of audit.

mod balp;
mod checkpoint;
mod events;
mod journal;
mod materialise;
mod merkle;
mod notary;
mod replica;
mod sample;
mod tampering;
mod writes;
