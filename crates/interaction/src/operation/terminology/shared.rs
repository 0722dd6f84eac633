//! Parameters that several of these operations have. Those that HL7 has added after R4, or that terminology servers have agreed on, are taken too.

use super::super::Parameter;

pub(super) const CODE: Parameter = Parameter::input("code", "code", 0, Some(1), "The code.");

pub(super) const VALUE_SET_URL: Parameter =
    Parameter::input("url", "uri", 0, Some(1), "The canonical address of the value set, with a version after `|` or without.");

pub(super) const VALUE_SET_ITSELF: Parameter = Parameter::input("valueSet", "ValueSet", 0, Some(1), "The value set itself.");

pub(super) const VALUE_SET_VERSION: Parameter = Parameter::input("valueSetVersion", "string", 0, Some(1), "The version of the value set.");

pub(super) const CONTEXT: Parameter = Parameter::input(
    "context",
    "uri",
    0,
    Some(1),
    "The element whose value set is meant: the address of its StructureDefinition, `#`, and its path.",
);

pub(super) const CODING: Parameter = Parameter::input("coding", "Coding", 0, Some(1), "The code with its system, as a Coding.");

pub(super) const CODEABLE_CONCEPT: Parameter =
    Parameter::input("codeableConcept", "CodeableConcept", 0, Some(1), "A concept with any number of codes.");

pub(super) const SYSTEM: Parameter = Parameter::input("system", "uri", 0, Some(1), "The code system of the code.");

pub(super) const VERSION: Parameter = Parameter::input("version", "string", 0, Some(1), "The version of the code system.");

/// The same under the name that it has beside a value set.
pub(super) const VERSION_OF_SYSTEM: Parameter = Parameter::input("systemVersion", "string", 0, Some(1), "The version of the code system.");

pub(super) const DISPLAY: Parameter =
    Parameter::input("display", "string", 0, Some(1), "The display that goes with the code: it is checked.");

pub(super) const DATE: Parameter =
    Parameter::input("date", "dateTime", 0, Some(1), "The date for which the answer is wanted: it is not used.");

pub(super) const ABSTRACT: Parameter =
    Parameter::input("abstract", "boolean", 0, Some(1), "Whether codes that stand for groups of codes may be used.");

pub(super) const DISPLAY_LANGUAGE: Parameter =
    Parameter::input("displayLanguage", "code", 0, Some(1), "The language of displays, or several by preference, as in Accept-Language.");

pub(super) const SUPPLEMENTS: Parameter =
    Parameter::input("useSupplement", "canonical", 0, None, "Supplements of code systems that are to be used; an unknown one is an error.");

pub(super) const RESOURCES: Parameter =
    Parameter::input("tx-resource", "Resource", 0, None, "Code systems and value sets to be used beside those that are stored.");

pub(super) const SYSTEM_VERSION: Parameter =
    Parameter::input("system-version", "canonical", 0, None, "`url|version`: the version of a code system where none is named.");

pub(super) const CHECK_SYSTEM_VERSION: Parameter =
    Parameter::input("check-system-version", "canonical", 0, None, "`url|version`: another version of the code system is an error.");

pub(super) const FORCE_SYSTEM_VERSION: Parameter =
    Parameter::input("force-system-version", "canonical", 0, None, "`url|version`: the version of a code system, whatever is named.");

pub(super) const DEFAULT_VALUE_SET_VERSION: Parameter =
    Parameter::input("default-valueset-version", "canonical", 0, None, "`url|version`: the version of a value set where none is named.");

pub(super) const CHECK_VALUE_SET_VERSION: Parameter =
    Parameter::input("check-valueset-version", "canonical", 0, None, "`url|version`: another version of the value set is an error.");

pub(super) const FORCE_VALUE_SET_VERSION: Parameter =
    Parameter::input("force-valueset-version", "canonical", 0, None, "`url|version`: the version of a value set, whatever is named.");

pub(super) const INFER_SYSTEM: Parameter =
    Parameter::input("inferSystem", "boolean", 0, Some(1), "Whether the code system is to be found from the code and the value set.");

pub(super) const LENIENT_DISPLAY: Parameter =
    Parameter::input("lenient-display-validation", "boolean", 0, Some(1), "Whether a wrong display is a warning only.");

pub(super) const MEMBERSHIP_ONLY: Parameter = Parameter::input(
    "valueset-membership-only",
    "boolean",
    0,
    Some(1),
    "Whether nothing is said beyond that the code is in the value set.",
);

pub(super) const VERSIONS_MATCH: Parameter =
    Parameter::input("versionsMatch", "boolean", 0, Some(1), "Whether a code is the same in all versions of its code system.");

pub(super) const LATEST_VERSION: Parameter = Parameter::input(
    "default-to-latest-version",
    "boolean",
    0,
    Some(1),
    "Whether the newest version is meant where none is named: it always is.",
);

pub(super) const DIAGNOSTICS: Parameter =
    Parameter::input("diagnostics", "boolean", 0, Some(1), "Whether more is to be told of how the answer came about.");

pub(super) const PROFILE_URL: Parameter =
    Parameter::input("profile-url", "string", 0, Some(1), "The name of the client's settings for expansions: it changes nothing.");

pub(super) const INCLUDE_DESIGNATIONS: Parameter =
    Parameter::input("includeDesignations", "boolean", 0, Some(1), "Whether the other names of codes are answered.");

pub(super) const EXCLUDE_NESTED: Parameter =
    Parameter::input("excludeNested", "boolean", 0, Some(1), "Whether an expansion is a flat list: validators send it everywhere.");

pub(super) const UUID: Parameter =
    Parameter::input("uuid", "uuid", 0, Some(1), "A name that the client gives to the request: it changes nothing.");
