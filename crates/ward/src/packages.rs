//! FHIR packages in a store or on a server.
//!
//! [`found`] gets packages, and those that they need, from files, folders and a registry; [`target`] is where they are or go; [`install`] writes one.

pub mod found;
pub mod install;
pub mod target;
