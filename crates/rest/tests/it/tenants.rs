//! Tenants over HTTP: by path and by host, suspended, and never seeing each other.

mod addresses;
mod apart;
mod swaps;
mod world;
