//! `maxLength`, `minValue[x]` and `maxValue[x]`: <http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.minValue_x_>.

use std::cmp::Ordering;
use std::sync::LazyLock;

use fhir::check::Path;
use fhir::definitions::{PrimitiveType, Type};
use fhir::primitive::{Decimal, Temporal};
use fhir::{IssueCode, Value};
use fhirpath::{Context, Expression, Item};

use super::element::Entry;
use super::{Active, Walk};
use crate::codes;
use crate::plan::Rules;

impl<'w> Walk<'w> {
    pub(super) fn range(&mut self, by: Active<'w>, rules: &Rules, entry: Entry<'w>, kind: &'static Type, path: &Path) {
        let Some(value) = entry.value else {
            return self.absent(by, rules, entry, path);
        };
        if let (Some(min), Some(text)) = (rules.min_length, value.as_str())
            && text.chars().count() < min
        {
            self.error(codes::TOO_SHORT, IssueCode::Value, path, by, || format!("there must be {min} characters at least"));
        }
        if let (Some(max), Some(text)) = (rules.max_length, value.as_str())
            && text.len() > max
            && text.chars().count() > max
        {
            self.error(codes::TOO_LONG, IssueCode::TooLong, path, by, || format!("there may be {max} characters at most"));
        }
        let now = self.options.now;
        let is = |limit: &Option<Value>, wrong: Ordering| {
            let compared = limit.as_ref().and_then(|limit| match (value, limit) {
                (Value::String(value), Value::Object(_)) => compare_with_now(value, limit, wrong, now?),
                _ => compare(value, limit, kind),
            });
            compared == Some(wrong)
        };
        if is(&rules.least, Ordering::Less) {
            self.error(codes::OUT_OF_RANGE, IssueCode::Value, path, by, || "the value is below the least that is allowed".to_owned());
        }
        if is(&rules.greatest, Ordering::Greater) {
            self.error(codes::OUT_OF_RANGE, IssueCode::Value, path, by, || "the value is above the greatest that is allowed".to_owned());
        }
    }
}

impl<'w> Walk<'w> {
    /// A primitive with extensions and no value.
    fn absent(&mut self, by: Active<'w>, rules: &Rules, entry: Entry<'w>, path: &Path) {
        let mut urls =
            entry.sibling.into_iter().flat_map(|sibling| sibling.list("extension")).filter_map(|extension| extension.text("url"));
        let has_alternative = rules.alternatives.is_empty() || urls.any(|url| rules.alternatives.iter().any(|other| **other == *url));
        if rules.needs_value {
            self.error(codes::VALUE_MISSING, IssueCode::Required, path, by, || "a value must be there, and not only extensions".to_owned());
        } else if !has_alternative {
            let text = || format!("a value must be there, or one of the extensions {}", rules.alternatives.join(", "));
            self.error(codes::VALUE_MISSING, IssueCode::Required, path, by, text);
        }
    }
}

/// How a value stands to a limit; `None` when they cannot be compared, as quantities of different units.
fn compare(value: &Value, limit: &Value, kind: &Type) -> Option<Ordering> {
    match (value, limit) {
        (Value::Number(value), Value::Number(limit)) => Decimal::parse(value)?.partial_cmp(&Decimal::parse(limit)?),
        (Value::String(value), Value::String(limit)) => match kind.primitive {
            Some(PrimitiveType::Date | PrimitiveType::DateTime | PrimitiveType::Instant) => {
                let (value, limit) = (Temporal::parse(value)?, Temporal::parse(limit)?);
                // What is only known to a month lies below or above when all of the month does.
                match () {
                    () if value.last_ms() < limit.first_ms() => Some(Ordering::Less),
                    () if value.first_ms() > limit.last_ms() => Some(Ordering::Greater),
                    () => Some(Ordering::Equal),
                }
            }
            _ => Some(value.cmp(limit)),
        },
        (Value::Object(_), Value::Object(_)) => compare_quantities(value, limit, kind),
        _ => None,
    }
}

/// How a time stands to a limit that is a duration: so long before now when it is the least, so long after now when it is the greatest.
fn compare_with_now(value: &str, limit: &Value, wrong: Ordering, now: Temporal) -> Option<Ordering> {
    let (value, length_ms) = (Temporal::parse(value)?, duration_ms(limit)?);
    match wrong {
        Ordering::Less => (value.last_ms() < now.first_ms().saturating_sub(length_ms)).then_some(wrong),
        _ => (value.first_ms() > now.last_ms().saturating_add(length_ms)).then_some(wrong),
    }
}

/// How long a duration is; `None` when its unit is none of time. Months and years are those of UCUM.
fn duration_ms(duration: &Value) -> Option<i64> {
    const DAY_MS: i64 = 86_400_000;
    let unit_ms = match duration.text("code").or(duration.text("unit"))? {
        "ms" => 1,
        "s" => 1000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => DAY_MS,
        "wk" => 7 * DAY_MS,
        "mo" => 487 * DAY_MS / 16,
        "a" => 1461 * DAY_MS / 4,
        _ => return None,
    };
    let number: f64 = duration.get("value")?.as_number()?.parse().ok()?;
    // A limit is no measurement: whole milliseconds are more than its author meant.
    Some((number * unit_ms as f64) as i64)
}

/// Quantities are compared in one unit, as FHIRPath does it.
fn compare_quantities(value: &Value, limit: &Value, kind: &Type) -> Option<Ordering> {
    static COMPARISONS: LazyLock<Option<[Expression; 2]>> =
        LazyLock::new(|| Some([Expression::parse("$this < %limit").ok()?, Expression::parse("$this > %limit").ok()?]));
    let [less, greater] = COMPARISONS.as_ref()?;
    let context = Context::default().with_variable("limit", [Item::element(limit, kind.id)]);
    let holds = |expression: &Expression| {
        let found = expression.evaluate(&context, &Item::element(value, kind.id)).ok()?;
        found.first()?.as_bool()
    };
    match (holds(less)?, holds(greater)?) {
        (true, _) => Some(Ordering::Less),
        (_, true) => Some(Ordering::Greater),
        _ => Some(Ordering::Equal),
    }
}
