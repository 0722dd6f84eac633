//! The wire contracts of Ward's HTTP, one module per address or subject, against the reference store.

mod faulty_store;
mod server;

mod batch;
mod binary;
mod builtin;
mod capabilities;
mod conditional_delete;
mod conditional_update;
mod create;
mod delete;
mod failures;
mod formats;
mod graphql;
mod health;
mod history;
mod hostile;
mod methods;
mod openapi;
mod operation;
mod patch;
mod races;
mod read;
mod search;
mod search_many;
mod search_parameter;
mod search_scopes;
mod selection;
mod server_cases;
mod socket;
mod synthea;
mod transaction;
mod transaction_conditions;
mod transaction_references;
mod update;
mod vread;
