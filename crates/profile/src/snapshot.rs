//! Snapshots: all elements of a profile, from its differential over its base (<http://hl7.org/fhir/R4/profiling.html#snapshot>).
//!
//! The base's elements become a tree (`tree`). Each element of the differential names a way through it (`step`); on that way what the base does
//! not spell out is unfolded from types, profiles and content references (`unfold`) and slices are made (`slice`), and at its end the
//! element is merged with what the base says (`merge`).

mod base;
mod choice;
mod error;
mod fit;
mod generate;
mod merge;
mod slice;
mod step;
mod tree;
mod unfold;

use fhir::library::Library;
use fhir::{Object, Value};

pub use error::Error;
pub(crate) use generate::Generator;
pub(crate) use merge::{only_profile, profile_element};
pub(crate) use tree::Node as Tree;

/// The elements of the snapshot of a StructureDefinition, in order, each with its id and path: made from the differential, whether there is a
/// snapshot or not. Of the definitions that it is built on, those with a snapshot are taken as they are, the others are generated too; types of
/// FHIR that the library has not are taken from the tables and come without constraints and words.
///
/// # Errors
/// [`Error::NoBase`] when a base is not known, [`Error::Circular`] when it is its own base, [`Error::NoElement`] and [`Error::Unfit`] when the
/// differential does not fit, [`Error::NoPath`] when an element has no path, [`Error::TooLarge`] from 50,000 elements on.
pub fn generate(definition: &Value, library: &dyn Library) -> Result<Vec<Object>, Error> {
    Generator::new(library).differential(definition).map(tree::Node::flatten)
}

/// What is wrong with the differential of a StructureDefinition: why it makes no snapshot, or what would be against its base in the one that it makes.
/// Empty when all is well.
pub fn faults(definition: &Value, library: &dyn Library) -> Vec<Error> {
    let mut generator = Generator::new(library);
    match generator.differential(definition) {
        Ok(_) => generator.conflicts,
        Err(error) => vec![error],
    }
}

/// The elements of the snapshot that a StructureDefinition has, or of the one that [`generate()`] makes when it has none.
///
/// # Errors
/// As [`generate()`].
pub fn elements(definition: &Value, library: &dyn Library) -> Result<Vec<Object>, Error> {
    let published = tree::elements(definition, "snapshot");
    match published.is_empty() {
        true => generate(definition, library),
        false => Ok(published.into_iter().cloned().collect()),
    }
}

/// The StructureDefinition with the snapshot that [`generate()`] makes in the place where `snapshot` belongs: what the operation `$snapshot` answers.
///
/// # Errors
/// As [`generate()`].
pub fn with_snapshot(definition: &Value, library: &dyn Library) -> Result<Value, Error> {
    let elements = generate(definition, library)?.into_iter().map(Value::from).collect();
    let snapshot = fhir::object! { "element": Value::Array(elements) };
    let mut whole = definition.as_object().cloned().unwrap_or_default();
    whole.remove("snapshot");
    let place = whole.iter().position(|(name, _)| &**name == "differential").unwrap_or(whole.len());
    whole.insert_at(place, "snapshot", snapshot);
    Ok(whole.into())
}
