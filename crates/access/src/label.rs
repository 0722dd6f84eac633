//! Security labels: how confidential a resource is (<http://hl7.org/fhir/R4/security-labels.html>).

use fhir::definitions::ResourceType;
use search::Registry;
use store::query::{Filter, Test};

use crate::criteria;

/// The system of the codes of confidentiality.
const SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

/// How confidential a resource may be labelled for a rule to cover it. A resource without a label is as one that is labelled `N`; codes below it (`U`, `L`,
/// `M`) open no more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Clearance {
    /// `N`, normal: neither of the others.
    #[default]
    Normal,
    /// `R`, restricted.
    Restricted,
    /// `V`, very restricted.
    VeryRestricted,
}

impl Clearance {
    /// The clearance of this code: `N`, `R` or `V`.
    pub fn parse(code: &str) -> Option<Self> {
        [Clearance::Normal, Clearance::Restricted, Clearance::VeryRestricted].into_iter().find(|clearance| clearance.code() == code)
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Clearance::Normal => "N",
            Clearance::Restricted => "R",
            Clearance::VeryRestricted => "V",
        }
    }

    /// The resources of a type that it covers.
    pub(crate) fn filter(self, registry: &Registry, kind: ResourceType) -> Filter {
        let above: &[Clearance] = match self {
            Clearance::Normal => &[Clearance::Restricted, Clearance::VeryRestricted],
            Clearance::Restricted => &[Clearance::VeryRestricted],
            Clearance::VeryRestricted => return Filter::everything(),
        };
        let Some(parameter) = registry.get(kind, "_security") else { return criteria::nothing() };
        let label = |clearance: &Clearance| {
            let code = if parameter.folds_case { clearance.code().to_lowercase() } else { clearance.code().to_owned() };
            Filter::Match(parameter.param, Test::Token { system: Some(SYSTEM.into()), code: Some(code.into()) })
        };
        criteria::not(criteria::any(above.iter().map(label)))
    }
}
