//! Values of answers compared, as FHIRPath compares them: partial dates by what is known, quantities in the same unit.

use std::cmp::Ordering;
use std::sync::LazyLock;

use fhir::Value;
use fhir::definitions::{TypeId, definitions};
use fhirpath::{Context, Expression, Item};

/// A value with the ending of its name: `DateTime`.
pub(super) type Typed<'a> = (&'a str, &'a Value);

/// Whether two values are the same: codings by system and code, everything else by value. `None` when it cannot be told.
pub(super) fn is_equal(left: Typed<'_>, right: Typed<'_>) -> Option<bool> {
    if left.0 == "Coding" && right.0 == "Coding" {
        return Some(left.1.text("code") == right.1.text("code") && left.1.text("system") == right.1.text("system"));
    }
    if left.0 == "Reference" && right.0 == "Reference" {
        return Some(left.1.text("reference") == right.1.text("reference"));
    }
    static EQUAL: LazyLock<Option<Expression>> = LazyLock::new(|| Expression::parse("%left = %right").ok());
    evaluate(EQUAL.as_ref()?, left, right)
}

/// How two values are ordered; `None` when they cannot be compared.
pub(super) fn order(left: Typed<'_>, right: Typed<'_>) -> Option<Ordering> {
    static LESS: LazyLock<Option<Expression>> = LazyLock::new(|| Expression::parse("%left < %right").ok());
    static GREATER: LazyLock<Option<Expression>> = LazyLock::new(|| Expression::parse("%left > %right").ok());
    match (evaluate(LESS.as_ref()?, left, right)?, evaluate(GREATER.as_ref()?, left, right)?) {
        (true, _) => Some(Ordering::Less),
        (_, true) => Some(Ordering::Greater),
        _ => Some(Ordering::Equal),
    }
}

fn evaluate(expression: &Expression, left: Typed<'_>, right: Typed<'_>) -> Option<bool> {
    let items = (item(left)?, item(right)?);
    let context = Context::default().with_variable("left", [items.0.clone()]).with_variable("right", [items.1]);
    let found = expression.evaluate(&context, &items.0).ok()?;
    found.first()?.as_bool()
}

/// A value as FHIRPath sees it.
pub(super) fn item<'a>(value: Typed<'a>) -> Option<Item<'a>> {
    Some(Item::element(value.1, type_id(value.0)?))
}

/// The type of the ending of a choice's name: `DateTime` is `dateTime`, `Coding` is `Coding`.
fn type_id(ending: &str) -> Option<TypeId> {
    let named = |name: &str| definitions().type_by_name(name).map(|kind| kind.id);
    let lower = || {
        let mut letters = ending.chars();
        let first = letters.next()?.to_ascii_lowercase();
        named(&format!("{first}{}", letters.as_str()))
    };
    named(ending).or_else(lower)
}
