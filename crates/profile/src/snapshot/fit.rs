//! Whether an element of a differential fits the base: it may only narrow what is allowed (<http://hl7.org/fhir/R4/profiling.html#limits>).

use fhir::{Object, Value};

use super::Error;
use super::step::text;
use super::tree::Node;

/// Looks at cardinality and types. A binding that is weaker than the base's is taken: US Core has some.
///
/// # Errors
/// [`Error::Unfit`] for the first that does not fit.
pub(super) fn check(path: &str, node: &Node, element: &Object, is_new_type: bool) -> Result<(), Error> {
    let unfit = |how: String| Err(Error::Unfit(path.into(), how.into()));
    let base = &node.definition;
    let (min, max) = (number(element, "min"), maximum(element));
    let (base_min, base_max) = (number(base, "min").unwrap_or(0), maximum(base).unwrap_or(u64::MAX));
    let (new_min, new_max) = (min.unwrap_or(base_min), max.unwrap_or(base_max));
    // An element may be made to be absent whatever the base asks for a slice that is not there.
    if new_min > new_max && max.is_some() && min.is_some() {
        return unfit(format!("at least {new_min} and at most {new_max} cannot be"));
    }
    if is_new_type {
        return Ok(());
    }
    if node.slice.is_none() && min.is_some_and(|min| min < base_min) {
        return unfit(format!("the base asks for {base_min} at least"));
    }
    if max.is_some_and(|max| max > base_max) {
        return unfit(format!("the base allows {base_max} at most"));
    }
    if let Some(code) = other_type(base, element) {
        return unfit(format!("the base does not allow the type {code}"));
    }
    Ok(())
}

/// That an element is not fixed to another value than the base fixes it to: no resource could have both. Published profiles do it, so that they can be
/// used all the same.
pub(super) fn conflict(path: &str, node: &Node, element: &Object) -> Option<Error> {
    let fixed = |definition: &Object| {
        let is_fixed =
            |name: &str| name.strip_prefix("fixed").is_some_and(|kind| kind.starts_with(|first: char| first.is_ascii_uppercase()));
        definition.iter().find(|(name, _)| is_fixed(name)).map(|(_, value)| value.clone())
    };
    let (base, own) = (fixed(&node.definition)?, fixed(element)?);
    (base != own).then(|| Error::Unfit(path.into(), "the base fixes another value: leave this one out, or choose another base".into()))
}

fn number(element: &Object, name: &str) -> Option<u64> {
    element.get(name)?.as_number()?.parse().ok()
}

/// The greatest number of an element: `*` is the greatest there is.
fn maximum(element: &Object) -> Option<u64> {
    match text(element, "max")? {
        "*" => Some(u64::MAX),
        number => number.parse().ok(),
    }
}

/// The first type of the differential that the base has not.
fn other_type<'e>(base: &Object, element: &'e Object) -> Option<&'e str> {
    let codes = |element: &'e Object| element.get("type").into_iter().flat_map(Value::each).filter_map(|kind| kind.text("code"));
    let allowed: Vec<&str> = base.get("type").into_iter().flat_map(Value::each).filter_map(|kind| kind.text("code")).collect();
    let is_open = allowed.is_empty()
        || allowed.iter().any(|code| matches!(*code, "Element" | "*" | "Resource" | "DomainResource") || is_system(code));
    codes(element).find(|code| !is_open && !allowed.contains(code) && !is_derived(code, &allowed))
}

/// Whether a type is one of FHIRPath's, as that of ids and of the addresses of extensions: profiles write `uri` or `string` for them.
fn is_system(code: &str) -> bool {
    code.starts_with("http://hl7.org/fhirpath/")
}

/// Whether the type is built on one of those allowed: `Age` on `Quantity`.
fn is_derived(code: &str, allowed: &[&str]) -> bool {
    let definitions = fhir::definitions::definitions();
    let Some(kind) = definitions.type_by_name(code) else { return code.contains("://") };
    let names = allowed.iter().filter_map(|name| definitions.type_by_name(name));
    names.into_iter().any(|base| definitions.is_a(kind.id, base.id))
}
