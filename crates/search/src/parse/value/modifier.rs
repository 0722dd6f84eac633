//! Modifiers: `name:exact` (<http://hl7.org/fhir/R4/search.html#modifiers>).

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};

use crate::codes;
use crate::parse::chain::target;
use crate::parse::{Parser, shortened};
use crate::registry::Parameter;
use crate::registry::support::{Feature, Modifier, Refusal};

/// What a criterion's modifier asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::parse) struct Asked {
    /// The modifier; `None` where there is none.
    pub(in crate::parse) modifier: Option<Modifier>,
    /// The type that [`Modifier::Type`] names.
    pub(in crate::parse) target: Option<ResourceType>,
}

impl Asked {
    /// Whether this is the modifier.
    pub(in crate::parse) fn is(self, modifier: Modifier) -> bool {
        self.modifier == Some(modifier)
    }
}

impl Parser<'_> {
    /// The modifier of this name, when the parameter takes it.
    pub(in crate::parse) fn modifier(&self, parameter: &Parameter, name: Option<&str>) -> Result<Asked, Issue> {
        let Some(name) = name else { return Ok(Asked::default()) };
        let modifier = Modifier::parse(name).ok_or_else(|| self.unknown_modifier(parameter, name))?;
        match self.registry.answers(parameter, Feature::Modifier(modifier)) {
            Ok(()) if modifier == Modifier::Type => Ok(Asked { modifier: Some(modifier), target: Some(target(parameter, name)?) }),
            Ok(()) => Ok(Asked { modifier: Some(modifier), target: None }),
            Err(Refusal::Undefined) => Err(self.unknown_modifier(parameter, name)),
            Err(refusal) => {
                let rule = format!("the modifier `:{name}` of `{}` is not supported: {}", parameter.code, refusal.reason());
                Err(Issue::error(codes::UNSUPPORTED_MODIFIER, IssueCode::NotSupported, "", rule))
            }
        }
    }

    fn unknown_modifier(&self, parameter: &Parameter, name: &str) -> Issue {
        let known = Modifier::ALL.into_iter().filter(|&modifier| self.registry.answers(parameter, Feature::Modifier(modifier)).is_ok());
        let known: Vec<String> = known.map(|modifier| format!("`:{}`", modifier.code())).collect();
        let takes = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        let kind = parameter.kind.code();
        let rule = format!("`:{}` does not go with `{}`: this {kind} parameter takes {takes}", shortened(name), parameter.code);
        Issue::error(codes::UNKNOWN_MODIFIER, IssueCode::NotSupported, "", rule)
    }
}
