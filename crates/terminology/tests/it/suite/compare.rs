//! How the suite compares an answer with what it expects: the order of arrays does not count, text may be a pattern, and some of it is optional.

use fhir::{Object, Value};

/// What the comparison depends on.
pub(super) struct Comparison<'c> {
    pub(super) version: &'c str,
    pub(super) modes: &'c [String],
}

/// Members that the suite's own runner takes out before it compares.
const IGNORED: [&str; 3] = ["location", "diagnostics", "text"];
const MESSAGE_ID: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id";

impl Comparison<'_> {
    /// The first difference.
    pub(super) fn compare(&self, expected: &Value, actual: &Value) -> Result<(), String> {
        self.values(expected, actual, "$")
    }

    fn values(&self, expected: &Value, actual: &Value, path: &str) -> Result<(), String> {
        match (expected, actual) {
            (Value::Object(expected), Value::Object(actual)) => self.objects(expected, actual, path),
            (Value::Array(expected), Value::Array(actual)) => self.arrays(expected, actual, path),
            (Value::String(expected), Value::String(actual)) => self.texts(expected, actual, path),
            (Value::Number(expected), Value::Number(actual)) if expected.parse::<f64>() == actual.parse::<f64>() => Ok(()),
            (expected, actual) if expected == actual => Ok(()),
            (expected, actual) => Err(format!("{path}: expected {}, found {}", show(expected), show(actual))),
        }
    }

    fn objects(&self, expected: &Object, actual: &Object, path: &str) -> Result<(), String> {
        let listed = |name: &str| -> Vec<&str> { expected.get(name).into_iter().flat_map(Value::each).filter_map(Value::as_str).collect() };
        let (optional, counted) = (listed("$optional-properties$"), listed("$count-arrays$"));
        let is_compared = |name: &str| !name.starts_with('$') && (!is_issue(expected) || !IGNORED.contains(&name));
        for (name, wanted) in expected.iter().filter(|(name, _)| is_compared(name)) {
            let at = format!("{path}.{}", &**name);
            match actual.get(name) {
                Some(found) if counted.contains(&&**name) => {
                    let (wanted, found) = (wanted.each().count(), found.each().count());
                    if wanted != found {
                        return Err(format!("{at}: expected {wanted} items, found {found}"));
                    }
                }
                Some(found) => self.values(wanted, found, &at)?,
                None if optional.contains(&&**name) || optional.contains(&"*") || self.is_all_optional(wanted) => {}
                None => return Err(format!("{at}: missing")),
            }
        }
        for (name, found) in actual.iter().filter(|(name, _)| is_compared(name)) {
            let is_message_id = || &**name == "extension" && found.each().all(|extension| extension.text("url") == Some(MESSAGE_ID));
            if expected.get(name).is_none() && !is_message_id() {
                return Err(format!("{path}.{}: not expected: {}", &**name, show(found)));
            }
        }
        Ok(())
    }

    fn is_all_optional(&self, value: &Value) -> bool {
        value.as_object().is_some_and(|object| self.is_optional(object))
            || value.as_array().is_some_and(|items| items.iter().all(|item| item.as_object().is_some_and(|item| self.is_optional(item))))
    }

    /// Whether an entry may be left out.
    fn is_optional(&self, entry: &Object) -> bool {
        match entry.get("$optional$") {
            Some(Value::Bool(optional)) => *optional,
            Some(Value::String(when)) => match (when.strip_prefix('!'), when.strip_prefix("version:"), when.strip_prefix("warning:")) {
                (_, _, Some(_)) => true,
                (_, Some(version), _) => self.version.starts_with(version),
                (Some(mode), ..) => !self.modes.iter().any(|other| other == mode),
                (None, ..) => !self.modes.iter().any(|other| **other == **when),
            },
            _ => false,
        }
    }

    fn arrays(&self, expected: &[Value], actual: &[Value], path: &str) -> Result<(), String> {
        let mut free: Vec<usize> = (0..actual.len()).collect();
        let is_optional = |item: &Value| item.as_object().is_some_and(|item| self.is_optional(item));
        let (optional, required): (Vec<&Value>, Vec<&Value>) = expected.iter().partition(|item| is_optional(item));
        for (index, wanted) in required.iter().chain(&optional).enumerate() {
            // Most items are told apart by their code.
            let may_fit = |item: &Value| match (wanted.text("code"), item.text("code")) {
                (Some(wanted), Some(found)) => wanted == found || wanted.starts_with('$'),
                _ => true,
            };
            let fits = |place: &usize| may_fit(&actual[*place]) && self.values(wanted, &actual[*place], path).is_ok();
            match free.iter().position(fits) {
                Some(place) => drop(free.remove(place)),
                None if index >= required.len() => {}
                None => return Err(self.nearest_difference(wanted, &free, actual, path)),
            }
        }
        match free.first() {
            None => Ok(()),
            Some(place) => Err(format!("{path}: not expected: {}", show(&actual[*place]))),
        }
    }

    /// What is different in the item that is most like the one that is missing.
    fn nearest_difference(&self, wanted: &Value, free: &[usize], actual: &[Value], path: &str) -> String {
        let named = |item: &Value| item.text("name").or(item.text("code")).map(str::to_owned);
        let like = free.iter().map(|place| &actual[*place]).find(|item| named(item).is_some() && named(item) == named(wanted));
        match like.map(|item| self.values(wanted, item, path)) {
            Some(Err(difference)) => difference,
            _ => format!("{path}: missing {}", show(wanted)),
        }
    }

    fn texts(&self, expected: &str, actual: &str, path: &str) -> Result<(), String> {
        let expected = expected.replace("$version$", self.version);
        let is_right = match expected.strip_prefix('$').and_then(|pattern| pattern.strip_suffix('$')) {
            None => letters(&expected).eq(letters(actual)),
            Some(pattern) => fits(pattern, actual),
        };
        if is_right { Ok(()) } else { Err(format!("{path}: expected '{expected}', found '{actual}'")) }
    }
}

/// What the suite's own runner compares of a text: it takes two for the same that are once they are read as base64, which skips all other signs. Its
/// expectations count on that, some with quotes and some without.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|sign| sign.is_ascii_alphanumeric() || "+/-_".contains(*sign))
}

/// Whether a text is what a pattern describes.
fn fits(pattern: &str, text: &str) -> bool {
    let contains_all = |fragments: &str| fragments.split('|').all(|fragment| text.to_lowercase().contains(&fragment.to_lowercase()));
    match pattern.split_once(':') {
        Some(("choice", choices)) => choices.split('|').any(|choice| choice == text),
        Some(("fragments", fragments)) => contains_all(fragments),
        // Without the file of one server's texts, the fragments count. A version after a `|` in them belongs to an address.
        Some(("external", rest)) => rest.split_once(':').is_none_or(|(_, fragments)| contains_all(fragments)),
        _ => match pattern {
            "uuid" => text.starts_with("urn:uuid:") || text.len() == 36,
            "instant" | "date" => text.starts_with(|first: char| first.is_ascii_digit()),
            "url" => text.contains(':'),
            "string" => text.trim() == text,
            _ => true,
        },
    }
}

fn is_issue(object: &Object) -> bool {
    object.get("severity").is_some()
}

fn show(value: &Value) -> String {
    let text = fhir::json::to_string(value);
    text[..text.floor_char_boundary(400)].to_owned()
}
