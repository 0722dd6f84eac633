//! `%name`.

use smallvec::smallvec;

use super::{Evaluator, Scope};
use crate::error::{Error, Result};
use crate::item::{Collection, Item};

impl<'a> Evaluator<'_, 'a> {
    /// The items of a variable that is kept as a collection: one that `defineVariable()` or the context brings.
    pub(super) fn lent_variable<'s>(&'s self, name: &str, scope: &Scope<'s, 'a>) -> Option<&'s [Item<'a>]> {
        if let Some(items) = scope.variable(name) {
            return Some(items);
        }
        if let Some(items) = self.context.variable(name) {
            return Some(items);
        }
        let kept = match name {
            "context" => Some(self.input),
            "resource" => self.context.resource.as_ref(),
            "rootResource" => self.context.root_resource.as_ref().or(self.context.resource.as_ref()),
            _ => return None,
        };
        Some(kept.map(std::slice::from_ref).unwrap_or_default())
    }

    /// What stands in the variable `name` (<http://hl7.org/fhirpath/N1/#environment-variables>, <http://hl7.org/fhir/R4/fhirpath.html#vars>).
    pub(super) fn variable(&self, at: u32, name: &str, scope: &Scope<'_, 'a>) -> Result<Collection<'a>> {
        if let Some(items) = self.lent_variable(name, scope) {
            return Ok(items.iter().cloned().collect());
        }
        let url = match name {
            "ucum" => "http://unitsofmeasure.org".to_owned(),
            "sct" => "http://snomed.info/sct".to_owned(),
            "loinc" => "http://loinc.org".to_owned(),
            _ => match (name.strip_prefix("vs-"), name.strip_prefix("ext-")) {
                (Some(value_set), _) => format!("http://hl7.org/fhir/ValueSet/{value_set}"),
                (_, Some(extension)) => format!("http://hl7.org/fhir/StructureDefinition/{extension}"),
                _ => return Err(Error::semantic(at, format!("there is no variable %{name}"))),
            },
        };
        Ok(smallvec![url.into()])
    }

    /// Whether a name is taken before `defineVariable()`.
    pub(super) fn is_reserved(&self, name: &str) -> bool {
        matches!(name, "context" | "resource" | "rootResource" | "ucum" | "sct" | "loinc")
            || name.starts_with("vs-")
            || name.starts_with("ext-")
            || self.context.variable(name).is_some()
    }
}
