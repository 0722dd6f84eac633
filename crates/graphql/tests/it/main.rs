//! GraphQL without a server: published suites, the rules one by one, the limits, and queries made at random.

mod folder;

mod flattening;
mod introspection;
mod limits;
mod parser_suite;
mod random;
mod references;
mod searches;
mod selection;
mod suite;
mod validation;
mod variables;
