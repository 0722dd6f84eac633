//! The tests of the FHIR model, a module for each of its rooms.

mod base64;
mod check;
mod decimal;
mod json;
mod narrative;
mod shared_data;
mod temporal;
mod xml;
