//! `%name`.

use smallvec::smallvec;

use super::{Evaluator, Scope};
use crate::error::{Error, Result};
use crate::item::Collection;

impl<'a> Evaluator<'_, 'a> {
    /// What stands in the variable `name` (<http://hl7.org/fhirpath/N1/#environment-variables>, <http://hl7.org/fhir/R4/fhirpath.html#vars>).
    pub(super) fn variable(&self, at: u32, name: &str, scope: &Scope<'_, 'a>) -> Result<Collection<'a>> {
        if let Some(items) = scope.variable(name) {
            return Ok(items.iter().cloned().collect());
        }
        if let Some((_, items)) = self.context.variables.iter().find(|(known, _)| known == name) {
            return Ok(items.clone());
        }
        let url = match name {
            "context" => return Ok(smallvec![self.input.clone()]),
            "resource" => return Ok(self.context.resource.iter().cloned().collect()),
            "rootResource" => return Ok(self.context.root_resource.iter().chain(&self.context.resource).take(1).cloned().collect()),
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
            || self.context.variables.iter().any(|(known, _)| known == name)
    }
}
