//! What stands for who asks, and from where, in the criteria of a rule: `%patient`.

use fhir::definitions::ResourceType;
use fhir::nearest;
use store::commit::Key;

use crate::{Assignment, Principal};

/// What a rule is written with and each principal gives another value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Placeholder {
    /// `%patient`: the Patient that the user is; for other users the one whose chart is open.
    Patient,
    /// `%user`: who the user is in the records.
    User,
    /// `%practitioner`: the same, when that is a Practitioner.
    Practitioner,
    /// `%facility`: where the role holds.
    Facility,
    /// `%department`: where the role holds.
    Department,
    /// `%encounter`: the one that is open.
    Encounter,
}

impl Placeholder {
    /// All of them.
    pub const ALL: [Placeholder; 6] = [
        Placeholder::Patient,
        Placeholder::User,
        Placeholder::Practitioner,
        Placeholder::Facility,
        Placeholder::Department,
        Placeholder::Encounter,
    ];

    /// How it is written: `%patient`.
    pub fn text(self) -> &'static str {
        match self {
            Placeholder::Patient => "%patient",
            Placeholder::User => "%user",
            Placeholder::Practitioner => "%practitioner",
            Placeholder::Facility => "%facility",
            Placeholder::Department => "%department",
            Placeholder::Encounter => "%encounter",
        }
    }

    /// The one that is written so.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|placeholder| placeholder.text() == text)
    }
}

/// What the placeholders stand for; one without a value makes a rule that allows void, and lets one that denies deny whatever its types have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values([Option<Key>; 6]);

impl Values {
    /// Those of somebody under an assignment of theirs; `None`: under no assignment.
    pub fn of(principal: &Principal, assignment: Option<&Assignment>) -> Self {
        let user = principal.fhir_user.clone();
        let is = |name: &'static str| user.clone().filter(|key| key.kind.name() == name);
        let key = |name: &str, id: &Option<Box<str>>| Some(Key::new(ResourceType::parse(name)?, id.clone()?));
        Self([
            is("Patient").or_else(|| key("Patient", &principal.patient)),
            user.clone(),
            is("Practitioner"),
            assignment.and_then(|assignment| assignment.facility.clone()),
            assignment.and_then(|assignment| assignment.department.clone()),
            key("Encounter", &principal.encounter),
        ])
    }

    /// Values of the types that the placeholders usually have, to try criteria with.
    pub(super) fn sample() -> Self {
        let key = |name: &str| ResourceType::parse(name).map(|kind| Key::new(kind, "x"));
        Self(["Patient", "Practitioner", "Practitioner", "Organization", "Organization", "Encounter"].map(key))
    }

    /// What one stands for. Only ids that are FHIR's get into a search.
    pub fn get(&self, placeholder: Placeholder) -> Option<&Key> {
        let key = self.0[placeholder as usize].as_ref()?;
        let is_id = (1..=64).contains(&key.id.len()) && key.id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
        is_id.then_some(key)
    }

    /// The criteria with the values in their places; `None` when one of them has none. `_id`, also at the end of a chain, gets the id alone.
    pub fn fill(&self, criteria: &[(String, String)]) -> Option<Vec<(String, String)>> {
        criteria.iter().map(|(name, value)| Some((name.clone(), self.fill_value(name, value)?))).collect()
    }

    fn fill_value(&self, name: &str, value: &str) -> Option<String> {
        let wants_id = asks_for_id(name);
        let mut filled = String::with_capacity(value.len());
        let mut rest = value;
        while let Some(start) = rest.find('%') {
            let (before, from) = rest.split_at(start);
            filled.push_str(before);
            let name = placeholder_at(from)?;
            let key = self.get(Placeholder::parse(name)?)?;
            filled.push_str(&if wants_id { key.id.to_string() } else { key.to_string() });
            rest = &from[name.len()..];
        }
        filled.push_str(rest);
        Some(filled)
    }
}

/// Whether a search parameter asks for ids: `_id`, also at the end of a chain or of `_has`, and with a modifier (`_id:not`).
fn asks_for_id(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    last.split(':').next() == Some("_id") || last.rsplit(':').next() == Some("_id")
}

/// The name that a percent sign begins: the sign and the letters after it.
fn placeholder_at(from: &str) -> Option<&str> {
    let end = from[1..].find(|letter: char| !letter.is_ascii_alphanumeric()).map_or(from.len(), |end| end + 1);
    (end > 1).then(|| &from[..end])
}

/// The query string of criteria with the percent signs of placeholders encoded, so that they are not taken for percent-encoding: `%facility` begins like `%fa`. So
/// are those that begin a name which is neither, for it to be reported as one.
pub(super) fn shielded(query: &str) -> String {
    let mut shielded = String::with_capacity(query.len());
    let mut rest = query;
    while let Some(start) = rest.find('%') {
        let (before, from) = rest.split_at(start);
        shielded.push_str(before);
        let name = placeholder_at(from);
        let is_placeholder = name.is_some_and(|name| Placeholder::parse(name).is_some());
        let is_encoding = from.as_bytes().get(1..3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        shielded.push_str(if is_placeholder || name.is_some() && !is_encoding { "%25" } else { "%" });
        rest = &from[1..];
    }
    shielded.push_str(rest);
    shielded
}

/// The first name after a percent sign that is no placeholder, with the nearest one.
pub(super) fn unknown(value: &str) -> Option<(&str, Option<&'static str>)> {
    let mut rest = value;
    while let Some(start) = rest.find('%') {
        let name = placeholder_at(&rest[start..]).unwrap_or("%");
        if Placeholder::parse(name).is_none() {
            return Some((name, nearest(name, Placeholder::ALL.iter().map(|placeholder| placeholder.text()))));
        }
        rest = &rest[start + name.len()..];
    }
    None
}
