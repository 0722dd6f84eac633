//! The names of one concept, and which of them to show or to accept.

use fhir::{Object, Value};

use crate::language::{Depth, Languages, Tag};
use crate::system::{Designation, Usage};

/// What servers say that a display is for.
const DISPLAY_USE: [&str; 3] =
    ["http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra", "preferredForLanguage", "Preferred For Language"];
/// SNOMED CT's preferred terms and synonyms.
const PREFERRED: [(&str, &str); 2] = [("http://snomed.info/sct", "900000000000548007"), ("http://snomed.info/sct", "900000000000013009")];
/// Extensions of a designation that are shown.
const SHOWN: [&str; 5] = [
    "http://hl7.org/fhir/StructureDefinition/coding-sctdescid",
    "http://hl7.org/fhir/StructureDefinition/rendering-style",
    "http://hl7.org/fhir/StructureDefinition/rendering-xhtml",
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status",
    "http://hl7.org/fhir/StructureDefinition/codesystem-alternate",
];

/// One name, kept.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Name {
    pub(crate) language: Option<Box<str>>,
    /// Whether it is a display.
    is_display: bool,
    usage: Option<Value>,
    pub(crate) value: Box<str>,
    status: Option<Box<str>>,
    extensions: Vec<Value>,
    pub(crate) source: Option<Box<str>>,
}

/// How a display compares with the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    /// It is one of them, but for capitals.
    Found,
    /// It is one but for spaces.
    Whitespace,
    /// It is none.
    None,
}

impl Name {
    fn new(designation: &Designation<'_>) -> Self {
        let usage = match designation.usage {
            Usage::Display | Usage::Unstated => None,
            Usage::Coding(coding) => Some(coding.clone()),
            Usage::Code { system, code } => Some(fhir::object! { "system": system, "code": code }),
        };
        Self {
            language: designation.language.map(Box::from),
            is_display: designation.usage == Usage::Display,
            usage,
            value: designation.value.trim().into(),
            status: designation.status.map(Box::from),
            extensions: designation
                .extensions
                .iter()
                .filter(|extension| extension.text("url").is_some_and(|url| SHOWN.contains(&url)))
                .cloned()
                .collect(),
            source: designation.source.map(Box::from),
        }
    }

    fn is_active(&self) -> bool {
        !matches!(self.status.as_deref(), Some("withdrawn" | "inactive"))
    }

    /// Whether it may stand as the display: nothing says that it is for something else.
    fn may_be_display(&self) -> bool {
        let is_preferred =
            |usage: &Value| PREFERRED.contains(&(usage.text("system").unwrap_or_default(), usage.text("code").unwrap_or_default()));
        self.is_display || self.usage.as_ref().is_none_or(is_preferred)
    }

    /// Whether its use is this one, `system|code`, or its language, `urn:ietf:bcp:47|language`.
    pub(crate) fn is_wanted_as(&self, wanted: &str) -> bool {
        let Some((system, code)) = wanted.split_once('|') else { return false };
        if system == "urn:ietf:bcp:47" {
            return self.language.as_deref() == Some(code);
        }
        let has = |usage: &Value| usage.text("system") == Some(system) && usage.text("code") == Some(code);
        self.usage.as_ref().is_some_and(has) || (self.is_display && [system, code] == DISPLAY_USE[..2])
    }

    /// The use as a coding.
    pub(crate) fn usage(&self) -> Option<Value> {
        let [system, code, display] = DISPLAY_USE;
        let display_use = || fhir::object! { "system": system, "code": code, "display": display };
        self.usage.clone().or_else(|| self.is_display.then(display_use))
    }

    /// `contains.designation`.
    pub(crate) fn value(&self) -> Value {
        let mut value = Object::new();
        if !self.extensions.is_empty() {
            value.push("extension", self.extensions.clone());
        }
        self.language.iter().for_each(|language| value.push("language", &**language));
        self.usage().into_iter().for_each(|usage| value.push("use", usage));
        value.push("value", &*self.value);
        value.into()
    }
}

/// All names of a concept.
#[derive(Debug, Default)]
pub(crate) struct Names {
    names: Vec<Name>,
}

impl Names {
    pub(crate) fn add(&mut self, designation: &Designation<'_>) {
        self.names.push(Name::new(designation));
    }

    pub(crate) fn clear(&mut self) {
        self.names.clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Name> {
        self.names.iter()
    }

    /// The name to show, for languages in their order: first a display in the language, then any name in it that is for no other use. Without
    /// languages, the display. Names without a language do for any; when nothing fits there is none.
    pub(crate) fn preferred(&self, languages: Option<&Languages>) -> Option<&Name> {
        let Some(languages) = languages else {
            let first = |test: &dyn Fn(&Name) -> bool| self.names.iter().find(|name| test(name));
            return first(&|name| name.is_display && name.is_active())
                .or_else(|| first(&|name| name.may_be_display() && name.is_active()))
                .or_else(|| first(&Name::may_be_display))
                .or_else(|| self.names.first());
        };
        let in_language = languages.wanted().find_map(|tag| self.preferred_in(tag));
        let unstated = || self.names.iter().find(|name| name.language.is_none() && name.is_display);
        let any = || self.names.iter().find(|name| name.is_display);
        in_language.or_else(unstated).or_else(|| if languages.refuses_others() { None } else { any() })
    }

    fn preferred_in(&self, tag: &Tag) -> Option<&Name> {
        let is_in = |name: &Name, depth| tag.code() == "*" || name.language.as_ref().is_some_and(|language| tag.matches(language, depth));
        for is_active in [true, false] {
            for depth in [Depth::Full, Depth::Region, Depth::Language] {
                let mut found = self.names.iter().filter(|name| is_in(name, depth) && (!is_active || name.is_active()));
                if let Some(name) = found
                    .clone()
                    .find(|name| name.is_display)
                    .or_else(|| found.clone().find(|name| name.may_be_display()))
                    .or_else(|| found.next())
                {
                    return Some(name);
                }
            }
        }
        None
    }

    /// Whether a display is one of the names in these languages, or in the default language when that is given.
    pub(crate) fn compare(&self, languages: Option<&Languages>, default: Option<&str>, display: &str, active_only: bool) -> Match {
        let names = || {
            self.names
                .iter()
                .filter(|name| (!active_only || name.is_active()) && accepts(languages, name.language.as_deref(), default, Depth::Language))
        };
        if names().any(|name| same_text(&name.value, display)) {
            return Match::Found;
        }
        if names().any(|name| normalized(&name.value) == normalized(display)) { Match::Whitespace } else { Match::None }
    }

    /// How many names may stand as display in these languages, as close to the languages as there are any.
    pub(crate) fn count(&self, languages: Option<&Languages>, displays_only: bool) -> usize {
        let counted = |depth| {
            let is_counted =
                |name: &&Name| (!displays_only || name.may_be_display()) && accepts(languages, name.language.as_deref(), None, depth);
            self.names.iter().filter(is_counted).count()
        };
        [Depth::Full, Depth::Region, Depth::Language].into_iter().map(counted).find(|count| *count > 0).unwrap_or(0)
    }

    /// The names that may stand as display in these languages, in words; all of them when none fits.
    pub(crate) fn described(&self, languages: Option<&Languages>, displays_only: bool) -> String {
        let describe = |name: &Name| match &name.language {
            Some(language) => format!("'{}' ({language})", name.value),
            None => format!("'{}'", name.value),
        };
        let all = || self.names.iter().filter(|name| !displays_only || name.may_be_display());
        let mut fitting: Vec<String> =
            all().filter(|name| accepts(languages, name.language.as_deref(), None, Depth::Language)).map(describe).collect();
        if fitting.is_empty() {
            fitting = all().map(describe).collect();
        }
        match fitting.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} or {last}", first.join(", ")),
        }
    }

    /// The displays that may be used now.
    pub(crate) fn active_displays(&self) -> Vec<String> {
        let mut displays: Vec<String> = Vec::new();
        for name in self.names.iter().filter(|name| name.is_active() && name.may_be_display()) {
            if !displays.iter().any(|display| **display == *name.value) {
                displays.push(name.value.to_string());
            }
        }
        displays
    }

    /// The status of the name that a display is.
    pub(crate) fn status(&self, display: &str) -> &str {
        self.names.iter().find(|name| same_text(&name.value, display)).and_then(|name| name.status.as_deref()).unwrap_or_default()
    }
}

/// Whether a name in a language does: in one of the languages asked for, or in the default one. A name that states none always does.
fn accepts(languages: Option<&Languages>, language: Option<&str>, default: Option<&str>, depth: Depth) -> bool {
    let (Some(languages), Some(language)) = (languages, language) else { return true };
    default.is_some_and(|default| default.eq_ignore_ascii_case(language)) || languages.include(language, depth)
}

/// Whether two texts are the same but for capitals.
pub(crate) fn same_text(left: &str, right: &str) -> bool {
    left == right || left.chars().flat_map(char::to_lowercase).eq(right.trim().chars().flat_map(char::to_lowercase))
}

fn normalized(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
