//! The embedded engine, tested as a whole.

mod suite;
