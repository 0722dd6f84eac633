//! What is asked of a resource beyond its structure when it is written: the rules of FHIR itself, and those of profiles, as far as the settings say.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use fhir::canonical::Canonical;
use fhir::definitions::ResourceType;
use fhir::library::Library;
use fhir::{Issue, Severity, Value};

use crate::judging::{Occasion, Rulebook, tell_once};

/// What becomes of a resource that breaks the rules of a profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// Nobody looks.
    #[default]
    Off,
    /// It is stored, and the answer says what is wrong where the client asks for an OperationOutcome.
    Warn,
    /// It is refused.
    Enforce,
}

/// By which level resources are judged: `off`, or `warn`, or `enforce Observation=warn Patient=off`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    /// Of types that are not named.
    pub otherwise: Level,
    /// Of those that are.
    pub by_type: BTreeMap<ResourceType, Level>,
}

/// The profiles that resources of a type have to follow, whether they claim to or not: `Patient=http://… Observation=http://…|7.0.0`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequiredProfiles(pub BTreeMap<ResourceType, Vec<Box<str>>>);

/// How resources are judged when they are written.
pub struct Validation {
    /// What judges.
    pub(crate) rulebook: Arc<Rulebook>,
    /// How much the profiles weigh.
    pub(crate) levels: Levels,
    /// What is asked of a type.
    pub(crate) required: RequiredProfiles,
}

impl Levels {
    /// The level of a type.
    pub fn of(&self, kind: ResourceType) -> Level {
        self.by_type.get(&kind).copied().unwrap_or(self.otherwise)
    }
}

impl Validation {
    /// What is wrong with a resource of this type, with the severities that the level gives it: an error refuses the write.
    pub(crate) fn judge(&self, kind: ResourceType, resource: &Value, library: &dyn Library) -> Vec<Issue> {
        let mut issues = self.rulebook.base_rules(resource, library, Occasion::Write);
        let level = self.levels.of(kind);
        if level == Level::Off {
            return issues;
        }
        let profiles = self.profiles(kind, resource);
        if profiles.is_empty() {
            return issues;
        }
        let of_profiles = self.rulebook.profile_rules(resource, &profiles, library, false);
        let softened = |issue: Issue| match level {
            Level::Warn if issue.severity > Severity::Warning => issue.with_severity(Severity::Warning),
            _ => issue,
        };
        tell_once(&mut issues, of_profiles.into_iter().map(softened));
        issues
    }

    /// The profiles that are required, and those that the resource claims, each once.
    fn profiles<'a>(&'a self, kind: ResourceType, resource: &'a Value) -> Vec<&'a str> {
        let required = self.required.0.get(&kind).into_iter().flatten().map(|profile| &**profile);
        let claimed = resource.get("meta").into_iter().flat_map(|meta| meta.list("profile")).filter_map(Value::as_str);
        let mut profiles: Vec<&str> = Vec::new();
        for profile in required.chain(claimed) {
            if !profiles.contains(&profile) {
                profiles.push(profile);
            }
        }
        profiles
    }
}

impl fmt::Debug for Validation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Validation {{ {}, {} }}", self.levels, self.required)
    }
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Level::Off => "off",
            Level::Warn => "warn",
            Level::Enforce => "enforce",
        }
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = [Level::Off, Level::Warn, Level::Enforce].into_iter().find(|level| level.word() == text);
        known.ok_or_else(|| format!("{text:?} is none of off, warn and enforce"))
    }
}

impl FromStr for Levels {
    type Err = String;

    /// Words with spaces or commas between them: the level of all types, and `Type=level` for some.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut levels = Levels::default();
        for word in words(text) {
            match word.split_once('=') {
                None => levels.otherwise = word.parse()?,
                Some((kind, level)) => {
                    levels.by_type.insert(type_of(kind)?, level.parse()?);
                }
            }
        }
        Ok(levels)
    }
}

impl fmt::Display for Levels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.otherwise.word())?;
        self.by_type.iter().try_for_each(|(kind, level)| write!(f, " {}={}", kind.name(), level.word()))
    }
}

impl FromStr for RequiredProfiles {
    type Err = String;

    /// `Type=canonical`, with spaces or commas between them; a type may have several.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut required = RequiredProfiles::default();
        for word in words(text) {
            let pair = word.split_once('=').filter(|(_, profile)| Canonical::parse(profile).url.contains(':'));
            let (kind, profile) =
                pair.ok_or_else(|| format!("{word:?} is not of the form Patient=http://example.org/StructureDefinition/x"))?;
            required.0.entry(type_of(kind)?).or_default().push(profile.into());
        }
        Ok(required)
    }
}

impl fmt::Display for RequiredProfiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.0.iter().flat_map(|(kind, profiles)| profiles.iter().map(move |profile| format!("{}={profile}", kind.name())));
        f.write_str(&all.collect::<Vec<_>>().join(" "))
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| letter == ',' || letter.is_whitespace()).filter(|word| !word.is_empty())
}

fn type_of(name: &str) -> Result<ResourceType, String> {
    ResourceType::parse(name).ok_or_else(|| match fhir::nearest(name, ResourceType::all().map(ResourceType::name)) {
        Some(known) => format!("{name} is no resource type: did you mean {known}?"),
        None => format!("{name} is no resource type of FHIR R4"),
    })
}
