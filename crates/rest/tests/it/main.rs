//! The wire contracts of Ward's HTTP, one module per address or subject, against the reference store.

mod faulty_store;
mod server;

mod batch;
mod capabilities;
mod create;
mod delete;
mod failures;
mod formats;
mod health;
mod history;
mod hostile;
mod openapi;
mod operation;
mod races;
mod read;
mod search;
mod socket;
mod synthea;
mod transaction;
mod transaction_references;
mod update;
mod vread;
