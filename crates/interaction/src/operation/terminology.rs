//! The operations on code systems, value sets and concept maps (<http://hl7.org/fhir/R4/terminology-service.html>). What they answer, the room
//! `terminology` says; here stands how they are invoked.

mod batch_validate_code;
mod closure;
mod engine;
mod expand;
mod lookup;
mod related;
mod shared;
mod subsumes;
mod translate;
mod validate_code;

pub(super) use batch_validate_code::OPERATION as BATCH_VALIDATE;
pub(super) use closure::OPERATION as CLOSURE;
pub(super) use expand::OPERATION as EXPAND;
pub(super) use lookup::OPERATION as LOOKUP;
pub(super) use related::OPERATION as RELATED;
pub(super) use subsumes::OPERATION as SUBSUMES;
pub(super) use translate::OPERATION as TRANSLATE;
pub(super) use validate_code::{CODE_SYSTEM as VALIDATE_IN_CODE_SYSTEM, VALUE_SET as VALIDATE_IN_VALUE_SET};
