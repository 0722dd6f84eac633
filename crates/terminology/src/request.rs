//! What the operations are asked: typed requests, and how they are read from a Parameters resource.

mod options;
mod parameters;

use fhir::Value;

pub use options::{Mode, Options, VersionRule};
pub use parameters::Parameters;

use crate::error::TerminologyError;

/// A value set or code system that a request is about.
#[derive(Clone, Debug)]
pub enum Subject {
    /// The one with this address, and this version when one is named.
    Url {
        /// The address; it may have a version after a `|`.
        url: String,
        /// The version.
        version: Option<String>,
    },
    /// The one that came with the request, or that the request's own address names.
    Resource(Value),
    /// The value set that an element is bound to: the address of its StructureDefinition, `#`, and its path or id.
    Context(String),
}

/// A code with its system.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coding {
    /// The system; `None` when it is not stated.
    pub system: Option<String>,
    /// The version of the system.
    pub version: Option<String>,
    /// The code.
    pub code: Option<String>,
    /// The display.
    pub display: Option<String>,
}

impl Coding {
    /// The coding that an element is.
    pub fn read(element: &Value) -> Self {
        let text = |name: &str| element.text(name).map(str::to_owned);
        Self { system: text("system"), version: text("version"), code: text("code"), display: text("display") }
    }
}

/// What is to be validated.
#[derive(Clone, Debug)]
pub enum Coded {
    /// Parameters `code`, `system` and so on, each on its own.
    Code(Coding),
    /// A `Coding`.
    Coding(Coding),
    /// A `CodeableConcept`, as it came.
    Concept(Value),
}

impl Coded {
    /// The codings in it.
    pub fn codings(&self) -> Vec<Coding> {
        match self {
            Coded::Code(coding) | Coded::Coding(coding) => vec![coding.clone()],
            Coded::Concept(concept) => concept.list("coding").map(Coding::read).collect(),
        }
    }
}

/// `ValueSet/$expand`.
#[derive(Clone, Debug)]
pub struct ExpandRequest {
    /// The value set.
    pub value_set: Subject,
    /// How.
    pub options: Options,
    /// `expansion.timestamp`: the engine has no clock.
    pub timestamp: String,
    /// `expansion.identifier`: a URI that names this expansion.
    pub identifier: String,
}

/// `ValueSet/$validate-code` and `CodeSystem/$validate-code`.
#[derive(Clone, Debug)]
pub struct ValidateRequest {
    /// The value set, or the code system; `None` for the code system that the code names.
    pub subject: Option<Subject>,
    /// What is validated.
    pub coded: Coded,
    /// How.
    pub options: Options,
}

/// `CodeSystem/$lookup`.
#[derive(Clone, Debug)]
pub struct LookupRequest {
    /// The code, with its system and the version.
    pub coding: Coding,
    /// How: properties, languages, supplements.
    pub options: Options,
}

/// `CodeSystem/$subsumes`.
#[derive(Clone, Debug)]
pub struct SubsumesRequest {
    /// The first code, with system and version.
    pub left: Coding,
    /// The second.
    pub right: Coding,
    /// How: resources that came along, and rules for versions.
    pub options: Options,
}

/// `ConceptMap/$translate`.
#[derive(Clone, Debug)]
pub struct TranslateRequest {
    /// The map; `None` for all that are there.
    pub map: Option<Subject>,
    /// What is translated: any of these.
    pub codings: Vec<Coding>,
    /// The value set that the code is from.
    pub source: Option<String>,
    /// The value set that a code is wanted from.
    pub target: Option<String>,
    /// The code system that a code is wanted from.
    pub target_system: Option<String>,
    /// Whether from target to source.
    pub is_reverse: bool,
    /// Values that the maps depend on: element, and code with its system.
    pub dependencies: Vec<(String, Coding)>,
    /// Resources that came along.
    pub options: Options,
}

/// The resource of a parameter, or the address in another one.
fn subject(parameters: &Parameters<'_>, resource: &str, version: &str) -> Result<Option<Subject>, TerminologyError> {
    if let Some(resource) = parameters.resource(resource) {
        return Ok(Some(Subject::Resource(resource.clone())));
    }
    let version = parameters.text(version)?;
    if let Some(url) = parameters.text("url")? {
        return Ok(Some(Subject::Url { url, version }));
    }
    Ok(parameters.text("context")?.map(Subject::Context))
}

impl ExpandRequest {
    /// Reads the parameters of `$expand`. Time and name of the expansion are the caller's; a value set that the address of the request names
    /// can be put in afterwards.
    ///
    /// # Errors
    /// When a parameter has the wrong type or no value set is named.
    pub fn read(parameters: &Value, timestamp: &str, identifier: &str) -> Result<Self, TerminologyError> {
        let reader = Parameters::new(parameters)?;
        let missing = || {
            TerminologyError::request(
                "There is no value set to expand: name it with 'url', give it as 'valueSet', or name an element as 'context'",
            )
        };
        let value_set = subject(&reader, "valueSet", "valueSetVersion")?.ok_or_else(missing)?;
        let options = Options::read(&reader)?;
        Ok(Self { value_set, options, timestamp: timestamp.to_owned(), identifier: identifier.to_owned() })
    }
}

impl ValidateRequest {
    /// Reads the parameters of `ValueSet/$validate-code`.
    ///
    /// # Errors
    /// When a parameter has the wrong type, or there is nothing to validate.
    pub fn read_for_value_set(parameters: &Value) -> Result<Self, TerminologyError> {
        let reader = Parameters::new(parameters)?;
        let options = Options::read(&reader)?;
        let subject = subject(&reader, "valueSet", "valueSetVersion")?;
        let code = Coding {
            system: reader.text("system")?,
            version: reader.text("systemVersion")?,
            code: reader.text("code")?,
            display: reader.text("display")?,
        };
        let infers = options.infers_system;
        let coded = coded(&reader, code, infers).ok_or_else(|| {
            let looked_for = "coding | codeableConcept | code+system | code+inferSystem in parameters";
            TerminologyError::request(format!("Unable to find code to validate (looked for {looked_for}"))
        })?;
        Ok(Self { subject, coded, options })
    }

    /// Reads the parameters of `CodeSystem/$validate-code`.
    ///
    /// # Errors
    /// As for value sets.
    pub fn read_for_code_system(parameters: &Value) -> Result<Self, TerminologyError> {
        let reader = Parameters::new(parameters)?;
        let options = Options::read(&reader)?;
        let subject = subject(&reader, "codeSystem", "version")?;
        let url = reader.text("url")?;
        let code = Coding {
            system: url.or(reader.text("system")?),
            version: reader.text("version")?,
            code: reader.text("code")?,
            display: reader.text("display")?,
        };
        let coded = coded(&reader, code, true).ok_or_else(|| {
            TerminologyError::request("Unable to find code to validate (looked for coding | codeableConcept | code in parameters)")
        })?;
        Ok(Self { subject, coded, options })
    }
}

fn coded(parameters: &Parameters<'_>, code: Coding, without_system: bool) -> Option<Coded> {
    if let Some(concept) = parameters.value("codeableConcept") {
        return Some(Coded::Concept(concept.clone()));
    }
    if let Some(coding) = parameters.value("coding") {
        return Some(Coded::Coding(Coding::read(coding)));
    }
    (code.code.is_some() && (code.system.is_some() || without_system)).then_some(Coded::Code(code))
}

impl LookupRequest {
    /// Reads the parameters of `$lookup`.
    ///
    /// # Errors
    /// When a parameter has the wrong type, or system or code is missing.
    pub fn read(parameters: &Value) -> Result<Self, TerminologyError> {
        let reader = Parameters::new(parameters)?;
        let coding = match reader.value("coding") {
            Some(coding) => Coding::read(coding),
            None => Coding { system: reader.text("system")?, version: reader.text("version")?, code: reader.text("code")?, display: None },
        };
        if coding.system.is_none() || coding.code.is_none() {
            return Err(TerminologyError::request("To look up a code, name 'system' and 'code', or give a 'coding' that has both"));
        }
        Ok(Self { coding, options: Options::read(&reader)? })
    }
}

impl SubsumesRequest {
    /// Reads the parameters of `$subsumes`. `system` is the code system that the address names, when it names one: its address and its version.
    ///
    /// # Errors
    /// When a parameter has the wrong type, or a code or its system is missing.
    pub fn read(parameters: &Value, system: Option<(&str, Option<&str>)>) -> Result<Self, TerminologyError> {
        let reader = Parameters::new(parameters)?;
        let (system, version) = match system {
            Some((system, version)) => (Some(system.to_owned()), version.map(str::to_owned)),
            None => (reader.text("system")?, reader.text("version")?),
        };
        let side = |coding: &str, code: &str| -> Result<Coding, TerminologyError> {
            let found = match reader.value(coding) {
                Some(coding) => Coding::read(coding),
                None => Coding { code: reader.text(code)?, ..Coding::default() },
            };
            let found = Coding { system: found.system.or(system.clone()), version: found.version.or(version.clone()), ..found };
            if found.code.is_none() || found.system.is_none() {
                return Err(TerminologyError::request(format!("'{code}' with 'system', or '{coding}' is missing")));
            }
            Ok(found)
        };
        Ok(Self { left: side("codingA", "codeA")?, right: side("codingB", "codeB")?, options: Options::read(&reader)? })
    }
}

impl TranslateRequest {
    /// Reads the parameters of `$translate`, as R4 names them and as R5 does.
    ///
    /// # Errors
    /// When a parameter has the wrong type, or there is nothing to translate.
    pub fn read(parameters: &Value) -> Result<Self, TerminologyError> {
        let reader = Parameters::new(parameters)?;
        let first = |names: &[&str]| -> Result<Option<String>, TerminologyError> {
            names.iter().find_map(|name| reader.text(name).transpose()).transpose()
        };
        let (of_source, source) = translated(&reader, ["sourceCode", "code"], ["sourceSystem", "system"], ["sourceCoding", "coding"])?;
        let (of_target, target) =
            translated(&reader, ["targetCode", "targetcode"], ["targetSystem", "targetsystem"], ["targetCoding", ""])?;
        let names_target = !of_source && of_target;
        let codings = if of_source { source } else { target };
        if codings.is_empty() {
            return Err(TerminologyError::request(
                "There is nothing to translate: name 'code' with 'system', or give a 'coding' or a 'codeableConcept'",
            ));
        }
        let is_reverse = names_target || reader.truth("reverse")?.unwrap_or(false);
        let target_system = if names_target { first(&["sourceSystem", "system"])? } else { first(&["targetSystem", "targetsystem"])? };
        let map = match reader.resource("conceptMap") {
            Some(map) => Some(Subject::Resource(map.clone())),
            None => reader.text("url")?.map(|url| Subject::Url { url, version: reader.text("conceptMapVersion").ok().flatten() }),
        };
        Ok(Self {
            map,
            codings,
            source: first(&["sourceScope", "source"])?,
            target: first(&["targetScope", "target"])?,
            target_system,
            is_reverse,
            dependencies: dependencies(&reader),
            options: Options::read(&reader)?,
        })
    }
}

/// The codings of one side, and whether the request names that side.
fn translated(
    reader: &Parameters<'_>,
    code: [&str; 2],
    system: [&str; 2],
    coding: [&str; 2],
) -> Result<(bool, Vec<Coding>), TerminologyError> {
    if let Some(coding) = coding.iter().find_map(|name| reader.value(name)) {
        return Ok((true, vec![Coding::read(coding)]));
    }
    let concept = if code[0] == "sourceCode" { ["sourceCodeableConcept", "codeableConcept"] } else { ["targetCodeableConcept", ""] };
    if let Some(concept) = concept.iter().find_map(|name| reader.value(name)) {
        return Ok((true, concept.list("coding").map(Coding::read).collect()));
    }
    let any = |names: [&str; 2]| names.iter().find_map(|name| reader.text(name).transpose()).transpose();
    let Some(code) = any(code)? else { return Ok((false, Vec::new())) };
    let version = any(["sourceVersion", "version"])?;
    Ok((true, vec![Coding { system: any(system)?, version, code: Some(code), display: None }]))
}

fn dependencies(reader: &Parameters<'_>) -> Vec<(String, Coding)> {
    let each = |parts: &Value| {
        let part = |names: &[&str]| parts.list("part").find(|part| part.text("name").is_some_and(|name| names.contains(&name)));
        let element = part(&["element", "attribute"])?;
        let element = element.text("valueUri").or_else(|| element.text("valueString"))?;
        let concept = part(&["concept", "value"])?;
        let coding = concept.get("valueCoding").or_else(|| concept.get("valueCodeableConcept")?.list("coding").next());
        let code = || concept.text("valueCode").or_else(|| concept.text("valueString")).map(str::to_owned);
        let coding = coding.map_or_else(|| Coding { code: code(), ..Coding::default() }, Coding::read);
        Some((element.to_owned(), coding))
    };
    reader.all("dependency").filter_map(each).collect()
}
