//! What is open beside patient and encounter: `fhirContext` (SMART App Launch 2.2, scopes and launch context, `fhirContext`).

use fhir::definitions::ResourceType;
use fhir::json::{self, Limits};
use fhir::{Object, Value};
use serde::{Deserialize, Serialize};

use crate::refusal::{Fault, Refusal};

/// How many items there are at most.
const MOST: usize = 20;
/// How long a text in an item may be, in bytes.
const LONGEST: usize = 1000;
/// The role that an item has which says none. It is the only relative one.
const LAUNCH: &str = "launch";

/// One resource that is open. It has at least one of `reference`, `canonical` and `identifier`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The resource: `ImagingStudy/12`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// A definition, by its canonical address, perhaps with a version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical: Option<String>,
    /// System and value of an identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<(Option<String>, String)>,
    /// The type of the resource, where no reference says it.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What it is there for: `launch`, or an absolute URI. `None` means `launch`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

impl Item {
    /// The items of a JSON array, as `fhirContext` has them; an empty text has none.
    ///
    /// Fails with `invalid_request` and the rule that is broken: at most 20 objects; each with a reference to an R4 resource by type and id, a canonical address, or an
    /// identifier with a value; a type that R4 has, and is the reference's; a role that is `launch` or an absolute URI; and a Patient or an Encounter only with a role beside
    /// `launch`, as those at hand have members of their own.
    pub fn list(text: &str) -> Result<Vec<Self>, Refusal> {
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        let read = json::parse_with(text.as_bytes(), Limits { depth: 4, values: 500 });
        let read = read.map_err(|error| wrong(&format!("it is no JSON: {error}")))?;
        let items = read.as_array().filter(|items| items.len() <= MOST).ok_or_else(|| wrong("it is a JSON array of at most 20 objects"))?;
        items.iter().map(|item| Self::read(item.as_object().ok_or_else(|| wrong("each item is a JSON object"))?)).collect()
    }

    fn read(members: &Object) -> Result<Self, Refusal> {
        const KNOWN: [&str; 5] = ["reference", "canonical", "identifier", "type", "role"];
        if members.iter().any(|(name, _)| !KNOWN.contains(&&**name)) {
            return Err(wrong("an item has of reference, canonical, identifier, type and role"));
        }
        let text = |name: &str| match members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if is_plain(text) => Ok(Some(text.to_string())),
            Some(_) => Err(wrong("each member is a text of 1 to 1000 visible ASCII letters, and the identifier an object")),
        };
        let identifier = members.get("identifier").map(identifier).transpose()?;
        let item =
            Self { reference: text("reference")?, canonical: text("canonical")?, identifier, kind: text("type")?, role: text("role")? };
        item.check()?;
        Ok(item)
    }

    /// That some items keep the rules of [`Item::list`].
    ///
    /// Fails as it does.
    pub fn check_all(items: &[Self]) -> Result<(), Refusal> {
        match items.len() > MOST {
            true => Err(wrong("there are at most 20 items")),
            false => items.iter().try_for_each(Self::check),
        }
    }

    fn check(&self) -> Result<(), Refusal> {
        if self.reference.is_none() && self.canonical.is_none() && self.identifier.is_none() {
            return Err(wrong("an item has at least one of reference, canonical and identifier"));
        }
        if self.kind.as_deref().is_some_and(|kind| ResourceType::parse(kind).is_none()) {
            return Err(wrong("the type of an item is one that R4 has"));
        }
        let referred = self.reference.as_deref().map(referred).transpose()?;
        if let (Some(named), Some(referred)) = (&self.kind, referred)
            && named != referred.name()
        {
            return Err(wrong("the type of an item is that of its reference"));
        }
        if self.role.as_deref().is_some_and(|role| role != LAUNCH && !is_absolute(role)) {
            return Err(wrong("a role is `launch` or an absolute URI"));
        }
        let has_member = matches!(self.of_type(), Some("Patient" | "Encounter"));
        if has_member && self.role.as_deref().is_none_or(|role| role == LAUNCH) {
            return Err(wrong(
                "a Patient or an Encounter is an item only with a role beside `launch`: those at hand have members of their own",
            ));
        }
        Ok(())
    }

    /// Of which type it is, as far as it says.
    pub fn of_type(&self) -> Option<&str> {
        let referred = self.reference.as_deref().and_then(|reference| reference.split_once('/')).map(|(kind, _)| kind);
        referred.or(self.kind.as_deref())
    }

    /// As `fhirContext` has it.
    pub fn json(&self) -> Value {
        let mut members = Object::default();
        let identifier = self.identifier.as_ref().map(|(system, value)| {
            let system = system.iter().map(|system| ("system", Value::from(system.as_str())));
            Value::from(Object::from_iter(system.chain([("value", Value::from(value.as_str()))])))
        });
        let text = |text: &Option<String>| text.as_deref().map(Value::from);
        let known = [
            ("reference", text(&self.reference)),
            ("canonical", text(&self.canonical)),
            ("identifier", identifier),
            ("type", text(&self.kind)),
            ("role", text(&self.role)),
        ];
        known.into_iter().for_each(|(name, value)| {
            if let Some(value) = value {
                members.push(name, value);
            }
        });
        members.into()
    }
}

/// The type that a relative reference names.
fn referred(reference: &str) -> Result<ResourceType, Refusal> {
    let is_id = |id: &str| (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    let found = reference.split_once('/').filter(|(_, id)| is_id(id)).and_then(|(kind, _)| ResourceType::parse(kind));
    found.ok_or_else(|| wrong("a reference is a type of R4, a slash and an id, as ImagingStudy/12"))
}

fn identifier(value: &Value) -> Result<(Option<String>, String), Refusal> {
    let is_known = value.as_object().is_some_and(|members| members.iter().all(|(name, _)| ["system", "value"].contains(&&**name)));
    let (system, number) = (value.text("system"), value.text("value"));
    match number.filter(|number| is_known && is_plain(number) && system.is_none_or(is_plain)) {
        Some(number) => Ok((system.map(str::to_owned), number.to_owned())),
        None => Err(wrong("an identifier has a value, and perhaps a system")),
    }
}

fn is_plain(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether a text is a URI with a scheme.
fn is_absolute(text: &str) -> bool {
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    text.split_once(':').is_some_and(|(scheme, rest)| is_scheme(scheme) && !rest.is_empty())
}

fn wrong(rule: &str) -> Refusal {
    Refusal::new(Fault::InvalidRequest, format!("The 'fhirContext' of the launch cannot be: {rule}."))
}
