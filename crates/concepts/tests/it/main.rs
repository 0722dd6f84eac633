//! The tests of concept tables: against a model in memory, against damage and sudden death, and each loader against what is published.

mod damage;
mod directory;
mod hierarchy;
mod killed;
mod loaders;
mod model;
mod random;
mod scene;
mod search;
