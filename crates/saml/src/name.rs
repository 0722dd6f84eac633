//! What a provider calls a person (Core, section 2.2.3).

use serde::{Deserialize, Serialize};

use crate::Refused;
use crate::request::escaped;
use crate::xml::{Document, Place};

/// The longest value, in bytes, and the longest of what qualifies it.
const LONGEST: usize = 1024;

/// A `NameID`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// What it is: 1 to 1024 bytes.
    pub value: String,
    /// Of which kind it is (`Format`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// In whose domain it is a name (`NameQualifier`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qualifier: Option<String>,
    /// For whom it is a name (`SPNameQualifier`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_qualifier: Option<String>,
}

impl Name {
    pub(crate) fn read(document: &Document, place: Place) -> Result<Self, Refused> {
        let value = document.text(place).filter(|text| !text.is_empty()).ok_or(Refused("the NameID is empty"))?;
        let part = |name| document.attribute(place, name).map(str::to_owned);
        let name = Self { value, format: part("Format"), qualifier: part("NameQualifier"), service_qualifier: part("SPNameQualifier") };
        let parts = [Some(&name.value), name.format.as_ref(), name.qualifier.as_ref(), name.service_qualifier.as_ref()];
        let is_short = parts.into_iter().flatten().all(|part| part.len() <= LONGEST);
        if is_short { Ok(name) } else { Err(Refused("the NameID has more than 1024 bytes")) }
    }

    /// The element. The prefix `saml` stands for the namespace of assertions.
    pub(crate) fn text(&self) -> String {
        let part =
            |name: &str, value: &Option<String>| value.as_ref().map(|value| format!(" {name}=\"{}\"", escaped(value))).unwrap_or_default();
        let parts =
            [part("NameQualifier", &self.qualifier), part("SPNameQualifier", &self.service_qualifier), part("Format", &self.format)];
        format!("<saml:NameID{}>{}</saml:NameID>", parts.concat(), escaped(&self.value))
    }
}
