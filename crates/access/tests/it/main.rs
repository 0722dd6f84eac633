//! What access promises: what each grant shows of the same records, through every method of the store.

mod gate;
mod world;
