//! The wire contracts of Ward's HTTP, one module per address or subject, against the reference store.

mod server;

mod batch;
mod capabilities;
mod create;
mod delete;
mod formats;
mod health;
mod history;
mod hostile;
mod read;
mod search;
mod socket;
mod transaction;
mod transaction_references;
mod update;
mod vread;
