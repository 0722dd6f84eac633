//! The members of a JSON object, read by what they should be: whatever else is there is a mistake.

use fhir::{Issue, IssueCode, Object, Value, nearest};

use crate::codes;

/// An object that is being read, with its place.
pub(super) struct Members<'v, 'i> {
    object: &'v Object,
    pub(super) path: String,
    pub(super) issues: &'i mut Vec<Issue>,
}

impl<'v, 'i> Members<'v, 'i> {
    /// The members of a value, when it is an object; those not among `known` are reported with the nearest that is.
    pub(super) fn of(value: &'v Value, path: String, known: &[&str], issues: &'i mut Vec<Issue>) -> Option<Self> {
        let Some(object) = value.as_object() else {
            issues.push(wrong(&path, format!("it is {}, and should be an object", value.kind())));
            return None;
        };
        for (name, _) in object.iter().filter(|(name, _)| !known.contains(&&***name)) {
            let remedy = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known are {}", known.join(", ")),
            };
            let rule = format!("there is no member `{}`: {remedy}", shown(name));
            issues.push(Issue::error(codes::UNKNOWN_MEMBER, IssueCode::Structure, path.clone(), rule));
        }
        Some(Self { object, path, issues })
    }

    pub(super) fn get(&self, name: &str) -> Option<&'v Value> {
        self.object.get(name)
    }

    pub(super) fn at(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Reports what is wrong with a member.
    pub(super) fn report(&mut self, name: &str, rule: impl Into<String>) {
        self.issues.push(wrong(&self.at(name), rule.into()));
    }

    /// A text; `None` when it is absent, or is none and reported.
    pub(super) fn text(&mut self, name: &str) -> Option<&'v str> {
        let value = self.get(name)?;
        match value.as_str() {
            Some(text) if !text.trim().is_empty() => Some(text),
            Some(_) => {
                self.report(name, "it is empty: write something, or leave the member out");
                None
            }
            None => {
                self.report(name, format!("it is {}, and should be a text", value.kind()));
                None
            }
        }
    }

    /// A text that must be there.
    pub(super) fn required(&mut self, name: &str, what: &str) -> &'v str {
        if self.get(name).is_none() {
            self.report(name, format!("it is missing: {what}"));
        }
        self.text(name).unwrap_or_default()
    }

    /// `true` or `false`; `false` when it is absent.
    pub(super) fn flag(&mut self, name: &str) -> bool {
        match self.get(name) {
            None => false,
            Some(Value::Bool(truth)) => *truth,
            Some(other) => {
                self.report(name, format!("it is {}, and should be true or false", other.kind()));
                false
            }
        }
    }

    /// The texts of an array, each with its place; none when it is absent. An array without texts is reported: it would seem to limit, and does not.
    pub(super) fn texts(&mut self, name: &str) -> Vec<(&'v str, String)> {
        let Some(value) = self.get(name) else { return Vec::new() };
        let Some(items) = value.as_array() else {
            self.report(name, format!("it is {}, and should be an array", value.kind()));
            return Vec::new();
        };
        if items.is_empty() {
            self.report(name, "the array is empty: write something into it, or leave the member out");
        }
        let mut texts = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let path = format!("{}[{index}]", self.at(name));
            match item.as_str() {
                Some(text) => texts.push((text, path)),
                None => self.issues.push(wrong(&path, format!("it is {}, and should be a text", item.kind()))),
            }
        }
        texts
    }
}

/// Something in a policy that is wrong.
pub(super) fn wrong(path: &str, rule: impl Into<String>) -> Issue {
    Issue::error(codes::BAD_POLICY, IssueCode::Value, path, rule)
}

/// A name that is not known, with the nearest that is.
pub(super) fn unknown<'n>(path: &str, what: &str, name: &str, known: impl Iterator<Item = &'n str> + Clone) -> Issue {
    let remedy = match nearest(name, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => match known.collect::<Vec<_>>() {
            few if few.len() <= 20 => format!("known are {}", few.join(", ")),
            many => format!("there are {} of them, such as {}", many.len(), many[..8].join(", ")),
        },
    };
    wrong(path, format!("`{}` is no {what}: {remedy}", shown(name)))
}

/// As much of a name as a message repeats.
pub(super) fn shown(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(60).collect()
}
