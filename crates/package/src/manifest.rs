//! What the `package.json` of a package says.

use std::fmt;

use fhir::{Issue, IssueCode, Value};

use crate::codes;
use crate::range::Range;

/// How many dependencies a package may have.
const MAX_DEPENDENCIES: usize = 200;

/// What a package says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Its name: `hl7.fhir.us.core`.
    pub name: String,
    /// Its version: `6.1.0`.
    pub version: String,
    /// The versions of FHIR that it is for; empty when it does not say.
    pub fhir_versions: Vec<String>,
    /// The address below which its resources have theirs.
    pub canonical: Option<String>,
    /// Where it is published.
    pub url: Option<String>,
    /// A name for people.
    pub title: Option<String>,
    /// What it needs, in the order of the manifest; FHIR's own definitions are not among them.
    pub dependencies: Vec<Dependency>,
}

/// A package that another one needs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// Its version as it is written: `6.1.x`.
    pub version: String,
}

impl fmt::Display for Dependency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.version)
    }
}

impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.version)
    }
}

impl Manifest {
    /// Reads the text of a `package.json`.
    ///
    /// # Errors
    /// When it is no JSON object, has no proper name or version, or is for another version of FHIR than R4 (4.0): all of it at its place in
    /// the manifest.
    pub fn parse(text: &[u8]) -> Result<Self, Issue> {
        let value = fhir::json::parse(text).map_err(|error| bad("", format!("package/package.json is not JSON: {error}")))?;
        let text = |member: &str| value.text(member).filter(|text| !text.is_empty()).map(str::to_owned);
        let name = text("name").filter(|name| is_name(name)).ok_or_else(|| {
            bad("name", "it has no name that a package may have: small letters, digits, `.`, `-` and `_`, as hl7.fhir.us.core".to_owned())
        })?;
        let version = text("version")
            .filter(|version| is_version(version))
            .ok_or_else(|| bad("version", "it has no version that a package may have, as 6.1.0 or 1.0.0-ballot".to_owned()))?;
        let dependencies = dependencies(&value)?;
        let manifest = Self {
            fhir_versions: fhir_versions(&value),
            canonical: text("canonical").map(|canonical| canonical.trim_end_matches('/').to_owned()),
            url: text("url"),
            title: text("title"),
            dependencies: dependencies.iter().filter(|dependency| !is_base(&dependency.name)).cloned().collect(),
            name,
            version,
        };
        manifest.is_for_r4(&dependencies)?;
        Ok(manifest)
    }

    /// Refuses what is for another version of FHIR. A package that does not say is taken by the base that it depends on.
    fn is_for_r4(&self, dependencies: &[Dependency]) -> Result<(), Issue> {
        let of_base = || dependencies.iter().find(|other| is_core(&other.name)).map(|core| core.version.as_str());
        let is_r4 = |version: &str| version == "4.0" || version.starts_with("4.0.") || version == "R4";
        let known: Vec<&str> = match self.fhir_versions.is_empty() {
            true => of_base().into_iter().collect(),
            false => self.fhir_versions.iter().map(String::as_str).collect(),
        };
        if known.is_empty() || known.iter().copied().any(is_r4) {
            return Ok(());
        }
        let remedy = "this server is one of FHIR R4 (4.0.1): many guides have a package for it whose name ends in .r4";
        let rule = format!("{self} is for FHIR {}, and {remedy}", known.join(", "));
        Err(Issue::error(codes::OTHER_FHIR, IssueCode::NotSupported, "fhirVersions", rule))
    }
}

fn bad(place: &str, rule: String) -> Issue {
    Issue::error(codes::BAD_MANIFEST, IssueCode::Invalid, place, rule)
}

/// The versions of FHIR, under the names that manifests have had for them.
fn fhir_versions(value: &Value) -> Vec<String> {
    let members = ["fhirVersions", "fhir-version-list", "fhirVersion", "fhir-version"];
    let found = members.into_iter().find_map(|member| value.get(member));
    found.into_iter().flat_map(Value::each).filter_map(|version| version.as_str().map(str::to_owned)).collect()
}

fn dependencies(value: &Value) -> Result<Vec<Dependency>, Issue> {
    let Some(members) = value.get("dependencies").and_then(Value::as_object) else { return Ok(Vec::new()) };
    if members.len() > MAX_DEPENDENCIES {
        return Err(bad("dependencies", format!("it has more than {MAX_DEPENDENCIES} dependencies")));
    }
    let mut found = Vec::with_capacity(members.len());
    for (name, version) in members.iter() {
        let place = format!("dependencies.{:.100}", &**name);
        let version = version.as_str().ok_or_else(|| bad(&place, "a dependency has a version as its value".to_owned()))?;
        if !is_name(name) {
            return Err(bad(&place, "this is no name that a package may have".to_owned()));
        }
        found.push(Dependency { name: name.to_string(), version: version.to_owned() });
    }
    Ok(found)
}

/// Whether a package may have the name.
pub fn is_name(name: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '.' | '-' | '_');
    (1..=128).contains(&name.len()) && !name.starts_with(['.', '-', '_']) && !name.contains("..") && name.chars().all(is_plain)
}

/// Whether a package may have the version.
pub fn is_version(version: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '+' | '_');
    (1..=64).contains(&version.len()) && version.starts_with(|first: char| first.is_ascii_alphanumeric()) && version.chars().all(is_plain)
}

/// Whether the package holds the definitions of a version of FHIR itself.
pub fn is_core(name: &str) -> bool {
    name.strip_prefix("hl7.fhir.r").is_some_and(|rest| rest.ends_with(".core") && rest.matches('.').count() == 1)
}

/// Whether the package is a part of R4 itself, which is always there.
pub fn is_base(name: &str) -> bool {
    const PARTS: [&str; 7] = ["core", "corexml", "elements", "examples", "expansions", "search", "id"];
    name.strip_prefix("hl7.fhir.r4.").is_some_and(|part| PARTS.contains(&part))
}

impl Dependency {
    /// Which versions it accepts.
    ///
    /// # Errors
    /// As [`Range::parse`].
    pub fn range(&self) -> Result<Range, Issue> {
        Range::parse(&self.version)
    }
}
