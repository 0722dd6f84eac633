//! The integration tests of audit.

mod balp;
mod checkpoint;
mod command;
mod events;
mod forms;
mod journal;
mod killing;
mod materialise;
mod merkle;
mod notary;
mod pace;
mod places;
mod replica;
mod report;
mod sample;
mod sealed_journal;
mod suspicion;
mod tampering;
mod writes;
