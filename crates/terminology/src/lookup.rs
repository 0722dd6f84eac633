//! `CodeSystem/$lookup` (<http://hl7.org/fhir/R4/codesystem-operation-lookup.html>).

use std::sync::Arc;

use fhir::{IssueCode, Object, Value};

use crate::designation::Names;
use crate::engine::Terminology;
use crate::error::{Failure, TerminologyError};
use crate::issue::{Kind, TxIssue};
use crate::messages;
use crate::request::{LookupRequest, Options};
use crate::session::{Rules, Session};
use crate::system::{Concept, System};

/// What is known of a code: Parameters with `name`, `version`, `display`, `definition`, `abstract`, `designation` and `property`. Without `property` in
/// the request all of it is told, with it what it names (`*` is everything).
///
/// # Errors
/// When the code system, the code or a supplement is not known.
pub fn lookup(engine: &Terminology<'_>, request: &LookupRequest) -> Result<Value, TerminologyError> {
    let session = Session::new(*engine, request.options.clone());
    let url = request.coding.system.as_deref().unwrap_or_default();
    let code = request.coding.code.as_deref().unwrap_or_default();
    let version = request.coding.version.as_deref();
    let system = session.system(url, version, Rules::Apply)?;
    let system = match system {
        Some(system) => system,
        None => {
            let wanted = session.version_for(url, version, false);
            let message = messages::unknown_system_of_code(url, wanted.as_deref(), &session.known_versions(url));
            return Err(TerminologyError::not_found(message).with_failure(Failure::NotFound));
        }
    };
    session.check_supplements()?;
    let Some(concept) = system.find(code) else {
        let message = messages::unknown_code(code, url, system.about().version.as_deref());
        let issue = TxIssue::error(IssueCode::NotFound, Kind::InvalidCode, message).at("code");
        return Err(TerminologyError::new(Failure::NotFound, issue));
    };
    let told = Told { session: &session, system: &system, concept: &concept, options: &session.options };
    Ok(fhir::object! { "resourceType": "Parameters", "parameter": told.parameters(code) })
}

/// A concept that is told of.
struct Told<'t> {
    session: &'t Session<'t>,
    system: &'t Arc<dyn System>,
    concept: &'t Concept,
    options: &'t Options,
}

fn parameter(name: &str, element: &'static str, value: impl Into<Value>) -> Value {
    let mut parameter = Object::new();
    parameter.push("name", name);
    parameter.push(element, value.into());
    parameter.into()
}

fn parts(name: &str, parts: Vec<Value>) -> Value {
    parameter(name, "part", parts)
}

impl Told<'_> {
    /// Whether a property is wanted.
    fn wants(&self, property: &str) -> bool {
        let wanted = &self.options.properties;
        wanted.is_empty() || wanted.iter().any(|wanted| wanted == "*" || wanted == property)
    }

    fn parameters(&self, code: &str) -> Vec<Value> {
        let (system, concept, about) = (self.system, self.concept, self.system.about());
        let mut names = Names::default();
        self.session.add_names(&**system, concept, &mut names);
        let mut told = vec![parameter("name", "valueString", about.name.as_deref().unwrap_or(&about.url))];
        about.version.iter().for_each(|version| told.push(parameter("version", "valueString", &**version)));
        told.push(parameter("system", "valueUri", &*about.url));
        told.push(parameter("code", "valueCode", code));
        if let Some(name) = names.preferred(self.options.languages()).or_else(|| names.preferred(None)) {
            told.push(parameter("display", "valueString", &*name.value));
        }
        if let Some(definition) = system.definition(concept) {
            told.push(parameter("definition", "valueString", &*definition));
        }
        told.push(parameter("abstract", "valueBoolean", system.flags(concept).is_abstract));
        about.supplements.iter().for_each(|supplement| told.push(parameter("used-supplement", "valueCanonical", &**supplement)));
        if self.wants("designation") {
            told.extend(names.iter().map(|name| {
                let mut designation = Vec::new();
                name.language.iter().for_each(|language| designation.push(parameter("language", "valueCode", &**language)));
                name.usage().into_iter().for_each(|usage| designation.push(parameter("use", "valueCoding", usage)));
                designation.push(parameter("value", "valueString", &*name.value));
                name.source.iter().for_each(|source| designation.push(parameter("source", "valueCanonical", &**source)));
                parts("designation", designation)
            }));
        }
        if self.wants("inactive") {
            let inactive = parameter("value", "valueBoolean", system.flags(concept).is_inactive);
            told.push(parts("property", vec![parameter("code", "valueCode", "inactive"), inactive]));
        }
        self.hierarchy(&mut told);
        self.properties(&mut told);
        told
    }

    /// The concepts right above and below.
    fn hierarchy(&self, told: &mut Vec<Value>) {
        let Some(row) = self.concept.row() else { return };
        let mut tell = |kind: &str, row: u32| {
            let other = Concept::Row(row);
            let mut property = vec![parameter("code", "valueCode", kind), parameter("value", "valueCode", &*self.system.code(&other))];
            if let Some(display) = self.system.display(&other) {
                property.push(parameter("description", "valueString", &*display));
            }
            told.push(parts("property", property));
        };
        if self.wants("parent") {
            self.system.parents(row, &mut |row| tell("parent", row));
        }
        if self.wants("child") {
            self.system.children(row, &mut |row| tell("child", row));
        }
    }

    fn properties(&self, told: &mut Vec<Value>) {
        self.system.properties(self.concept, &mut |property| {
            if self.wants(property.code) && !matches!(property.code, "inactive" | "parent" | "child") {
                let (element, value) = property.value.element();
                told.push(parts("property", vec![parameter("code", "valueCode", property.code), parameter("value", element, value)]));
            }
        });
    }
}
