//! JSON pointers (RFC 6901): `/name/0/family`.

use fhir::Value;

/// A way through a document: names of members and indices of items. Empty, it is the whole document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pointer {
    steps: Vec<Box<str>>,
}

impl Pointer {
    /// Reads a pointer; `None` when it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self { steps: Vec::new() });
        }
        let steps: Option<Vec<_>> = text.strip_prefix('/')?.split('/').map(unescaped).collect();
        steps.map(|steps| Self { steps })
    }

    /// How many steps it has.
    pub(crate) fn depth(&self) -> usize {
        self.steps.len()
    }

    /// The way to what holds the target, and the last step; `None` for the whole document.
    pub(crate) fn parent(&self) -> Option<(&[Box<str>], &str)> {
        self.steps.split_last().map(|(last, parent)| (parent, &**last))
    }

    /// What it points to.
    pub(crate) fn get<'v>(&self, document: &'v Value) -> Option<&'v Value> {
        get(document, &self.steps)
    }

    /// What it points to, to change it.
    pub(crate) fn get_mut<'v>(&self, document: &'v mut Value) -> Option<&'v mut Value> {
        get_mut(document, &self.steps)
    }

    /// Whether the other leads to a place inside of what this one points to.
    pub(crate) fn holds(&self, other: &Self) -> bool {
        other.steps.len() > self.steps.len() && other.steps.starts_with(&self.steps)
    }
}

/// What these steps lead to.
pub(crate) fn get<'v>(document: &'v Value, steps: &[Box<str>]) -> Option<&'v Value> {
    steps.iter().try_fold(document, |value, step| match value {
        Value::Object(members) => members.get(step),
        Value::Array(items) => items.get(index(step)?),
        _ => None,
    })
}

/// What these steps lead to, to change it.
pub(crate) fn get_mut<'v>(document: &'v mut Value, steps: &[Box<str>]) -> Option<&'v mut Value> {
    steps.iter().try_fold(document, |value, step| match value {
        Value::Object(members) => members.get_mut(step),
        Value::Array(items) => items.get_mut(index(step)?),
        _ => None,
    })
}

/// The index that a step names: digits, without zeros before them.
pub(crate) fn index(step: &str) -> Option<usize> {
    let is_plain = step.bytes().all(|byte| byte.is_ascii_digit()) && (step == "0" || !step.starts_with('0'));
    step.parse().ok().filter(|_| is_plain)
}

/// A step with `~1` and `~0` as what they stand for.
fn unescaped(step: &str) -> Option<Box<str>> {
    let mut text = String::with_capacity(step.len());
    let mut characters = step.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '~' => match characters.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            other => other,
        });
    }
    Some(text.into())
}
