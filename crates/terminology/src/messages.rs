//! What the engine says, with the keys of the catalogue that terminology servers and validators share. Clients compare these texts, so that
//! they are part of the interface: here they all are, and nowhere else.

use crate::codes;
use crate::system::Filter;

/// A text with its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The key in the shared catalogue; `None` for a text of our own.
    pub id: Option<&'static str>,
    /// The text.
    pub text: String,
    /// The number in `docs/errors.md`.
    pub number: u16,
}

fn message(number: u16, id: &'static str, text: String) -> Message {
    Message { id: Some(id), text, number }
}

fn own(number: u16, text: String) -> Message {
    Message { id: None, text, number }
}

// Code systems.

/// How versions are listed: `1.0.0, 1.1.0 and 1.2.0`.
fn listed(versions: &[String]) -> String {
    match versions {
        [] => String::new(),
        [one] => one.clone(),
        [one, other] => format!("{one} or {other}"),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A code system is not known, in this version or at all; `purpose` is what cannot be done now.
fn unknown_system(system: &str, version: Option<&str>, known: &[String], purpose: &str) -> (usize, String) {
    match version {
        None => (0, format!("A definition for CodeSystem '{system}' could not be found, so {purpose}")),
        Some(version) if known.is_empty() => (
            1,
            format!(
                "A definition for CodeSystem '{system}' version '{version}' could not be found, so {purpose}. No versions of this code system are known"
            ),
        ),
        Some(version) => (
            2,
            format!(
                "A definition for CodeSystem '{system}' version '{version}' could not be found, so {purpose}. Valid versions: {}",
                listed(known)
            ),
        ),
    }
}

/// A code cannot be validated because its system is not known.
pub(crate) fn unknown_system_of_code(system: &str, version: Option<&str>, known: &[String]) -> Message {
    let ids = ["UNKNOWN_CODESYSTEM", "UNKNOWN_CODESYSTEM_VERSION_NONE", "UNKNOWN_CODESYSTEM_VERSION"];
    let (kind, text) = unknown_system(system, version, known, "the code cannot be validated");
    message(codes::NOT_FOUND, ids[kind], text)
}

/// A value set cannot be expanded because a system is not known.
pub(crate) fn unknown_system_of_expansion(system: &str, version: Option<&str>, known: &[String]) -> Message {
    let ids = ["UNKNOWN_CODESYSTEM_EXP", "UNKNOWN_CODESYSTEM_VERSION_EXP_NONE", "UNKNOWN_CODESYSTEM_VERSION_EXP"];
    let (kind, text) = unknown_system(system, version, known, "the value set cannot be expanded");
    message(codes::NOT_FOUND, ids[kind], text)
}

/// Another coding is in the value set, so that one of an unknown system does no harm.
pub(crate) fn coding_not_checked(system: &str) -> Message {
    let text = format!(
        "A definition for the code system '{system}' could not be found, so this coding was not checked. The CodeableConcept is still valid: another coding is in the value set"
    );
    message(codes::NOT_FOUND, "UNKNOWN_CODESYSTEM_CODING_NOT_CHECKED", text)
}

pub(crate) fn is_supplement(canonical: &str) -> Message {
    let text = format!("CodeSystem {canonical} is a supplement, so can't be used as a value in Coding.system");
    message(codes::REQUEST, "CODESYSTEM_CS_NO_SUPPLEMENT", text)
}

pub(crate) fn system_is_value_set(system: &str) -> Message {
    let text = format!("The Coding references a value set, not a code system ('{system}')");
    message(codes::REQUEST, "Terminology_TX_System_ValueSet2", text)
}

pub(crate) fn relative_system() -> Message {
    let text = "Coding.system must be an absolute reference, not a local reference".to_owned();
    message(codes::REQUEST, "Terminology_TX_System_Relative", text)
}

pub(crate) fn no_content(system: &str, content: &str) -> Message {
    let text = match content {
        "supplement" => format!("The code system definition for {system} defines a supplement, so this expansion cannot be performed"),
        _ => format!("The code system definition for {system} has no content, so this expansion cannot be performed"),
    };
    own(codes::DEFINITION, text)
}

pub(crate) fn not_enumerable(system: &str) -> Message {
    let text = format!("The code system '{system}' has a grammar, and its codes cannot be enumerated");
    message(codes::TOO_COSTLY, "CODESYSTEM_NOT_ENUMERABLE", text)
}

pub(crate) fn system_too_large(system: &str, why: &str) -> Message {
    own(codes::TOO_COSTLY, format!("The code system '{system}' cannot be used: {why}"))
}

pub(crate) fn version_not_allowed(system: &str, version: &str, required: &str) -> Message {
    let text =
        format!("The version '{version}' is not allowed for system '{system}': required to be '{required}' by a version-check parameter");
    message(codes::VERSION, "VALUESET_VERSION_CHECK", text)
}

pub(crate) fn supplements_missing(missing: &[String]) -> Message {
    let plural = if missing.len() == 1 { "" } else { "s" };
    message(codes::SUPPLEMENT, "VALUESET_SUPPLEMENT_MISSING", format!("Required supplement{plural} not found: {}", missing.join(",")))
}

// Value sets.

pub(crate) fn unknown_value_set(canonical: &str) -> Message {
    message(codes::NOT_FOUND, "Unable_to_resolve_value_Set_", format!("A definition for the value Set '{canonical}' could not be found"))
}

pub(crate) fn unknown_context(context: &str) -> Message {
    own(codes::NOT_FOUND, format!("There is no element '{context}' that is bound to a value set"))
}

pub(crate) fn unknown_import(url: &str, version: Option<&str>) -> Message {
    match version {
        None => message(codes::NOT_FOUND, "VS_EXP_IMPORT_UNK", format!("Unable to find included value set '{url}'")),
        Some(version) => {
            let text = format!("Unable to find included value set '{url}' version '{version}'");
            message(codes::NOT_FOUND, "VS_EXP_IMPORT_UNK_PINNED", text)
        }
    }
}

pub(crate) fn circular(value_set: &str, way: &[String]) -> Message {
    let text = format!("Found a circularity pointing to {value_set} processing ValueSet with pathway [{}]", way.join(", "));
    message(codes::CIRCULAR, "VALUESET_CIRCULAR_REFERENCE", text)
}

pub(crate) fn too_deep(value_set: &str, most: usize) -> Message {
    own(codes::TOO_COSTLY, format!("The value set '{value_set}' includes value sets that include others, more than {most} levels deep"))
}

pub(crate) fn too_costly(value_set: &str, most: usize) -> Message {
    let text = format!("The value set '{value_set}' expansion has too many codes to produce (>{most})");
    message(codes::TOO_COSTLY, "VALUESET_TOO_COSTLY", text)
}

pub(crate) fn locked_date(value_set: &str) -> Message {
    own(codes::DEFINITION, format!("Cannot process ValueSet {value_set} due to the presence of a lockedDate on the compose"))
}

pub(crate) fn modifier(value_set: &str, url: &str) -> Message {
    own(codes::DEFINITION, format!("Cannot process ValueSet {value_set} because it has the modifier extension '{url}', which is not known"))
}

pub(crate) fn filter_without_value(system: &str, property: &str, operator: &str) -> Message {
    let text = format!("The system {system} filter with property = {property}, op = {operator} has no value");
    message(codes::DEFINITION, "UNABLE_TO_HANDLE_SYSTEM_FILTER_WITH_NO_VALUE", text)
}

pub(crate) fn filter_not_understood(property: &str, operator: &str, value: &str, value_set: &str, system: &str) -> Message {
    let text = format!(
        "The filter \"{property} {operator} {value}\" from the value set {value_set} was not understood in the context of {system}"
    );
    message(codes::DEFINITION, "FILTER_NOT_UNDERSTOOD", text)
}

pub(crate) fn bad_pattern(filter: &Filter, value_set: &str) -> Message {
    let text = format!(
        "The value of the filter on '{}' in the value set {value_set} is not a regular expression that can be used: '{}'",
        filter.property, filter.value
    );
    own(codes::DEFINITION, text)
}

// Codes.

pub(crate) fn no_system() -> Message {
    let text =
        "Coding has no system. A code with no system has no defined meaning, and it cannot be validated. A system should be provided";
    message(codes::REQUEST, "Coding_has_no_system__cannot_validate", text.to_owned())
}

pub(crate) fn no_code(system: Option<&str>) -> Message {
    own(
        codes::REQUEST,
        match system {
            Some(system) => format!("Coding has no code for system {system} and cannot be validated"),
            None => "Coding has no code and cannot be validated".to_owned(),
        },
    )
}

pub(crate) fn unknown_code(code: &str, system: &str, version: Option<&str>) -> Message {
    match version {
        None => message(codes::CODE, "Unknown_Code_in", format!("Unknown code '{code}' in the CodeSystem '{system}'")),
        Some(version) => {
            let text = format!("Unknown code '{code}' in the CodeSystem '{system}' version '{version}'");
            message(codes::CODE, "Unknown_Code_in_Version", text)
        }
    }
}

pub(crate) fn unknown_code_in_fragment(code: &str, system: &str, version: Option<&str>) -> Message {
    let text = format!(
        "Unknown Code '{code}' in the CodeSystem '{system}' version '{}' - note that the code system is labeled as a fragment, so the code may be valid in some other fragment",
        version.unwrap_or_default()
    );
    message(codes::CODE, "UNKNOWN_CODE_IN_FRAGMENT", text)
}

pub(crate) fn abstract_code(system: &str, code: &str) -> Message {
    let text = format!("Code '{system}#{code}' is abstract, and not allowed in this context");
    message(codes::CODE, "ABSTRACT_CODE_NOT_ALLOWED", text)
}

pub(crate) fn inactive_code(code: &str) -> Message {
    message(codes::CODE, "STATUS_CODE_WARNING_CODE", format!("The concept '{code}' is valid but is not active"))
}

/// The code is written otherwise than its system writes it.
pub(crate) fn other_form(code: &str, normal: &str, system: &str) -> Message {
    if code.to_lowercase() == normal.to_lowercase() {
        let text = format!(
            "The code '{code}' differs from the correct code '{normal}' by case. Although the code system '{system}' is case insensitive, implementers are strongly encouraged to use the correct case anyway"
        );
        return message(codes::REVIEW, "CODE_CASE_DIFFERENCE", text);
    }
    let text =
        format!("The code '{code}' is valid, but it is not the normal form for the code system '{system}'; the normal form is '{normal}'");
    message(codes::REVIEW, "CODE_NOT_IN_NORMAL_FORM", text)
}

/// `coding` is one or several codings in quotes.
pub(crate) fn not_in_value_set(value_set: &str, coding: &str) -> Message {
    let text = format!("The provided code {coding} was not found in the value set '{value_set}'");
    message(codes::CODE, "None_of_the_provided_codes_are_in_the_value_set_one", text)
}

pub(crate) fn no_coding_in_value_set(value_set: &str) -> Message {
    message(codes::CODE, "TX_GENERAL_CC_ERROR_MESSAGE", format!("No valid coding was found for the value set '{value_set}'"))
}

pub(crate) fn cannot_infer(code: &str, value_set: &str) -> Message {
    let text = format!("The System URI could not be determined for the code '{code}' in the ValueSet '{value_set}'");
    message(codes::CODE, "UNABLE_TO_INFER_CODESYSTEM", text)
}

pub(crate) fn several_systems(code: &str, value_set: &str, systems: &[String]) -> Message {
    let text = format!(
        "The System URI could not be determined for the code '{code}' in the ValueSet '{value_set}': value set expansion has multiple matches: [{}]",
        systems.join(", ")
    );
    message(codes::CODE, "Unable_to_resolve_system__value_set_has_multiple_matches", text)
}

/// How the version in a value set came about.
pub(crate) enum Mismatch<'a> {
    /// The value set names none, and the system has this one.
    Default(&'a str),
    /// A parameter put this one in its place.
    Changed(&'a str),
    /// It is the value set's.
    Stated,
}

/// The version of a coding is not the one of the value set.
pub(crate) fn version_mismatch(system: &str, included: Option<&str>, of_coding: &str, how: Mismatch<'_>) -> Message {
    let (id, which) = match how {
        Mismatch::Default(version) => ("VALUESET_VALUE_MISMATCH_DEFAULT", format!("version '{version}' for the versionless include")),
        Mismatch::Changed(version) => (
            "VALUESET_VALUE_MISMATCH_CHANGED",
            format!("version '{version}' resulting from the version '{}'", included.unwrap_or_default()),
        ),
        Mismatch::Stated => ("VALUESET_VALUE_MISMATCH", format!("version '{}'", included.unwrap_or_default())),
    };
    let text = format!("The code system '{system}' {which} in the ValueSet include is different to the one in the value ('{of_coding}')");
    message(codes::VERSION, id, text)
}

pub(crate) fn expansion_version_mismatch(system: &str, version: &str, of_coding: &str) -> Message {
    let text = format!(
        "The code system \"{system}\" version \"{version}\" in the ValueSet expansion is different to the one in the value (\"{of_coding}\")"
    );
    own(codes::VERSION, text)
}

// Displays.

/// What is said of a display that does not fit.
pub(crate) struct WrongDisplay<'a> {
    pub(crate) display: &'a str,
    pub(crate) system: &'a str,
    pub(crate) code: &'a str,
    /// The languages that were asked for, `--` when none were.
    pub(crate) languages: &'a str,
}

impl WrongDisplay<'_> {
    /// `valid` are the displays that would fit, `count` how many they are.
    pub(crate) fn instead_of(&self, count: usize, valid: &str, is_whitespace: bool) -> Message {
        let (id, what) = if is_whitespace {
            ("Display_Name_WS_for__should_be_one_of__instead_of", "whitespace in Display Name")
        } else {
            ("Display_Name_for__should_be_one_of__instead_of", "Display Name")
        };
        let which = if count == 1 { "Valid display is".to_owned() } else { format!("Valid display is one of {count} choices:") };
        let Self { display, system, code, languages } = self;
        message(
            codes::DISPLAY,
            id,
            format!("Wrong {what} '{display}' for {system}#{code}. {which} {valid} (for the language(s) '{languages}')"),
        )
    }

    pub(crate) fn right_in_default_language(&self) -> Message {
        let Self { display, system, code, languages } = self;
        let text = format!(
            "There are no valid display names found for the code {system}#{code} for language(s) '{languages}'. The display is '{display}' which is a valid display for the default language"
        );
        message(codes::REVIEW, "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_OK", text)
    }

    pub(crate) fn none_in_language(&self, default: &str) -> Message {
        let Self { display, system, code, languages } = self;
        let text = format!(
            "Wrong Display Name '{display}' for {system}#{code}. There are no valid display names found for language(s) '{languages}'. Default display is '{default}'"
        );
        message(codes::DISPLAY, "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_ERR", text)
    }

    pub(crate) fn none_at_all(&self) -> Message {
        let Self { display, system, code, languages } = self;
        let text = format!("Cannot validate display '{display}' for {system}#{code} in language {languages}: No displays are known");
        message(codes::DISPLAY, "NO_VALID_DISPLAY_AT_ALL", text)
    }

    pub(crate) fn outdated(&self, status: &str, valid: &[String]) -> Message {
        let Self { display, code, .. } = self;
        let valid = valid.iter().map(|display| format!("\"{display}\"")).collect::<Vec<_>>().join(",");
        let text = format!(
            "'{display}' is no longer considered a correct display for code '{code}' (status = {status}). The correct display is one of {valid}"
        );
        message(codes::DISPLAY, "INACTIVE_DISPLAY_FOUND", text)
    }
}

pub(crate) fn bad_language(text: &str) -> Message {
    message(codes::REQUEST, "INVALID_DISPLAY_NAME", format!("Invalid displayLanguage: '{text}'"))
}

// What should be looked at.

pub(crate) fn inactive_concept(code: &str, status: &str) -> Message {
    let also = if matches!(status, "inactive" | "DISCOURAGED") { "" } else { " and inactive" };
    let status = if status.is_empty() { "inactive".to_owned() } else { format!("{status}{also}") };
    message(
        codes::REVIEW,
        "INACTIVE_CONCEPT_FOUND",
        format!("The concept '{code}' has a status of {status} and its use should be reviewed"),
    )
}

pub(crate) fn deprecated_concept(code: &str) -> Message {
    message(codes::REVIEW, "DEPRECATED_CONCEPT_FOUND", format!("The concept '{code}' is deprecated and its use should be reviewed"))
}

pub(crate) fn deprecated_in_value_set(system: &str, code: &str, status: &str, value_set: &str) -> Message {
    let text = format!(
        "The presence of the concept '{code}' in the system '{system}' in the value set {value_set} is marked with a status of {status} and its use should be reviewed"
    );
    message(codes::REVIEW, "CONCEPT_DEPRECATED_IN_VALUESET", text)
}

/// A resource that is not ripe: `maturity` is one of `deprecated`, `withdrawn`, `retired`, `experimental`, `draft`.
pub(crate) fn reference_to(maturity: &str, kind: &str, canonical: &str) -> Message {
    let id = match maturity {
        "deprecated" => "MSG_DEPRECATED",
        "withdrawn" => "MSG_WITHDRAWN",
        "retired" => "MSG_RETIRED",
        "experimental" => "MSG_EXPERIMENTAL",
        _ => "MSG_DRAFT",
    };
    message(codes::REVIEW, id, format!("Reference to {maturity} {kind} {canonical}"))
}
