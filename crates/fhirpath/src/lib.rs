//! FHIRPath 2.0 (<http://hl7.org/fhirpath/N1/>) with the functions of FHIR R4: the one path language of Ward.
//!
//! An [`Expression`] is parsed once and evaluated on the JSON tree by reference: the [`Item`]s it gives are nodes of that tree with
//! their FHIR types, or values of the System types. Search parameters, invariants, patches and views all go through it.
//!
//! ```
//! use fhirpath::{Context, Expression, Item};
//!
//! let patient = fhir::object! { "resourceType": "Patient", "name": fhir::array![fhir::object! { "use": "official", "family": "Chalmers" }] };
//! let expression = Expression::parse("name.where(use = 'official').family")?;
//! let found = expression.evaluate(&Context::new(&patient), &Item::resource(&patient))?;
//! assert_eq!(found[0].as_string().as_deref(), Some("Chalmers"));
//! # Ok::<(), fhirpath::Error>(())
//! ```
//!
//! This crate knows no store, no network and no clock: what lies outside the resource comes in through the [`Context`].

mod arena;
mod check;
pub mod codes;
mod context;
mod error;
mod evaluate;
mod expression;
mod factory;
mod functions;
mod item;
mod node;
mod number;
mod places;
mod quantity;
mod syntax;
mod temporal;
mod text;
mod types;

pub use arena::Arena;
pub use context::{Context, Limits, Profiles, Resolver, Terminology, Tracer};
pub use error::{Error, ErrorKind};
pub use expression::Expression;
pub use item::{Collection, Item, System};
pub use node::Node;
pub use places::Places;
pub use quantity::{CalendarUnit, Quantity, Unit};
pub use text::Text;
pub use types::{SystemType, TypeInfo};
