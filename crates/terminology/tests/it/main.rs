//! Terminology: one module for each operation, and one for the published suite.

mod suite;
