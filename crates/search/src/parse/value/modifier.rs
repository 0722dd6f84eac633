//! Modifiers: `name:exact` (<http://hl7.org/fhir/R4/search.html#modifiers>).

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};

use crate::codes;
use crate::parse::chain::target;
use crate::parse::shortened;
use crate::registry::{Parameter, ParameterKind};

/// What a criterion's modifier asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parse) enum Modifier {
    /// There is none.
    None,
    /// `:missing`: whether there is a value at all.
    Missing,
    /// `:exact`: the text as written.
    Exact,
    /// `:contains`: anywhere in the text.
    Contains,
    /// `:not`: resources that have none of the codes.
    Not,
    /// `:identifier`: the identifier of what is referred to.
    Identifier,
    /// `:above`: the uri or one above it.
    Above,
    /// `:below`: the uri or one below it.
    Below,
    /// `:Patient`: the type of what is referred to.
    Type(ResourceType),
}

/// Modifiers of FHIR that are not supported yet.
const UNSUPPORTED: [&str; 6] = ["text", "in", "not-in", "of-type", "above", "below"];

impl Modifier {
    /// The modifier of this name, when it goes with the parameter.
    pub(in crate::parse) fn parse(parameter: &Parameter, name: Option<&str>) -> Result<Self, Issue> {
        let Some(name) = name else { return Ok(Modifier::None) };
        match (parameter.kind, name) {
            (_, "missing") => Ok(Modifier::Missing),
            (ParameterKind::String, "exact") => Ok(Modifier::Exact),
            (ParameterKind::String, "contains") => Ok(Modifier::Contains),
            (ParameterKind::Token, "not") => Ok(Modifier::Not),
            (ParameterKind::Reference, "identifier") => Ok(Modifier::Identifier),
            (ParameterKind::Uri, "above") => Ok(Modifier::Above),
            (ParameterKind::Uri, "below") => Ok(Modifier::Below),
            (ParameterKind::Token | ParameterKind::Reference, name) if UNSUPPORTED.contains(&name) => Err(unsupported(parameter, name)),
            (ParameterKind::Reference, name) if name.starts_with(|first: char| first.is_ascii_uppercase()) => {
                target(parameter, name).map(Modifier::Type)
            }
            _ => Err(unknown(parameter, name)),
        }
    }
}

fn unsupported(parameter: &Parameter, name: &str) -> Issue {
    let rule = format!("the modifier `:{name}` of `{}` is not supported yet", parameter.code);
    Issue::error(codes::UNSUPPORTED_MODIFIER, IssueCode::NotSupported, "", rule)
}

fn unknown(parameter: &Parameter, name: &str) -> Issue {
    let known = match parameter.kind {
        ParameterKind::String => "`:missing`, `:exact` and `:contains`",
        ParameterKind::Token => "`:missing` and `:not`",
        ParameterKind::Reference => "`:missing`, `:identifier` and the type referred to, as in `:Patient`",
        ParameterKind::Uri => "`:missing`, `:above` and `:below`",
        _ => "`:missing`",
    };
    let kind = parameter.kind.code();
    let rule = format!("`:{}` does not go with `{}`: a {kind} parameter takes {known}", shortened(name), parameter.code);
    Issue::error(codes::UNKNOWN_MODIFIER, IssueCode::NotSupported, "", rule)
}
