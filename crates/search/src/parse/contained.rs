//! `_contained` and `_containedType` (<http://hl7.org/fhir/R4/search.html#contained>).

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use store::query::{Filter, Subject};

use super::any;
use crate::codes;

/// `_contained`: whether resources inside others are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Contained {
    /// `false`, or nothing: only those that stand alone.
    #[default]
    False,
    /// `true`: only those inside others.
    True,
    /// `both`.
    Both,
}

impl Contained {
    pub(super) fn parse(value: &str) -> Result<Self, Issue> {
        match value {
            "false" => Ok(Contained::False),
            "true" => Ok(Contained::True),
            "both" => Ok(Contained::Both),
            _ => Err(bad("`_contained` is `true`, `false` or `both`")),
        }
    }
}

/// `_containedType`: what is answered for a contained resource that matches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContainedType {
    /// `container`, or nothing: the resource around it.
    #[default]
    Container,
    /// `contained`: it alone.
    Contained,
}

impl ContainedType {
    pub(super) fn parse(value: &str) -> Result<Self, Issue> {
        match value {
            "container" => Ok(ContainedType::Container),
            "contained" => Ok(ContainedType::Contained),
            _ => Err(bad("`_containedType` is `container` or `contained`")),
        }
    }
}

fn bad(rule: &str) -> Issue {
    Issue::error(codes::BAD_CONTAINED, IssueCode::Value, "", rule)
}

/// The same question to the resources of all types, about what they contain; with `Both` also to the resources themselves.
pub(super) fn around(contained: Contained, inner: &[Subject]) -> Vec<Subject> {
    let inside = |subject: &Subject| Filter::Contained(subject.kind, Box::new(subject.filter.clone()));
    let subject = |kind| {
        let itself = inner.iter().filter(|subject| contained == Contained::Both && subject.kind == kind);
        let filters = itself.map(|subject| subject.filter.clone()).chain(inner.iter().map(inside));
        Subject { kind, filter: any(filters.collect()) }
    };
    ResourceType::all().map(subject).collect()
}
