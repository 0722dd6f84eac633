//! Which data a provision is about, as a filter.

use fhir::Value;
use fhir::definitions::ResourceType;
use search::{ParameterKind, Registry};
use store::commit::Key;
use store::query::{Filter, Test};

use super::read::{codes, local};
use crate::criteria::{self, all, any, nothing};

/// The system of classes that are types of resources.
const RESOURCE_TYPES: &str = "http://hl7.org/fhir/resource-types";

/// Which data a provision is about: everything, unless it says more. Whatever it says must hold together; of several codes one is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Data {
    /// Types of resources; empty: any.
    pub(crate) classes: Vec<ResourceType>,
    /// Whether there are classes that are no types of resources: they cannot be told.
    unknown_class: bool,
    /// `code`, as tokens to search for; none that can be told, when there are some without a code.
    codes: Vec<String>,
    unknown_code: bool,
    /// `securityLabel`, as tokens; none that can be told, when there are some without a code.
    labels: Vec<String>,
    unknown_label: bool,
    /// `dataPeriod`: first and last, as dates to search for; it has neither when it cannot be told.
    period: Vec<String>,
    unknown_period: bool,
    /// `data.reference`, and whether more is meant than the resource itself.
    references: Vec<(Key, bool)>,
    unknown_reference: bool,
}

impl Data {
    pub(super) fn read(provision: &Value) -> Self {
        let mut data = Data::default();
        for class in provision.list("class") {
            match class.text("code").filter(|_| class.text("system") == Some(RESOURCE_TYPES)).and_then(ResourceType::parse) {
                Some(kind) => data.classes.push(kind),
                None => data.unknown_class = true,
            }
        }
        for code in provision.list("code") {
            let before = data.codes.len();
            data.codes.extend(codes(code).map(|(system, code)| token(system, code)));
            data.unknown_code |= data.codes.len() == before;
        }
        for label in provision.list("securityLabel") {
            match label.text("code") {
                Some(code) => data.labels.push(token(label.text("system").unwrap_or_default(), code)),
                None => data.unknown_label = true,
            }
        }
        if let Some(period) = provision.get("dataPeriod") {
            data.period.extend(period.text("start").map(|start| format!("ge{start}")));
            data.period.extend(period.text("end").map(|end| format!("le{end}")));
            data.unknown_period = data.period.is_empty();
        }
        for item in provision.list("data") {
            match item.get("reference").and_then(|reference| local(reference.text("reference")?)) {
                Some(key) => data.references.push((key, item.text("meaning") != Some("instance"))),
                None => data.unknown_reference = true,
            }
        }
        data
    }

    /// How much is listed in it.
    pub(super) fn size(&self) -> usize {
        self.classes.len() + self.codes.len() + self.labels.len() + self.period.len() + self.references.len()
    }

    /// Whether it names this type.
    pub(crate) fn names(&self, kind: ResourceType) -> bool {
        self.classes.contains(&kind)
    }

    /// The resources of a type that it is about. `widely`: what cannot be told counts as meant, and otherwise not.
    pub(crate) fn filter(&self, registry: &Registry, kind: ResourceType, widely: bool) -> Filter {
        let unclear = || if widely { Filter::everything() } else { nothing() };
        let has_classes = !self.classes.is_empty() || self.unknown_class;
        let may_be_named = self.names(kind) || self.unknown_class && widely;
        if has_classes && !may_be_named {
            return nothing();
        }
        let mut parts = Vec::new();
        if !self.codes.is_empty() || self.unknown_code {
            let parameter = ["code", "type"].into_iter().find(|code| has_tokens(registry, kind, code));
            let coded = parameter.map_or_else(nothing, |code| search(registry, kind, code, &self.codes.join(","), widely));
            parts.push(if self.unknown_code { any([coded, unclear()]) } else { coded });
        }
        if !self.labels.is_empty() || self.unknown_label {
            let labelled = search(registry, kind, "_security", &self.labels.join(","), widely);
            parts.push(if self.unknown_label { any([labelled, unclear()]) } else { labelled });
        }
        if self.unknown_period {
            parts.push(unclear());
        }
        for date in &self.period {
            let parameter = search::date::natural(kind);
            parts.push(parameter.map_or_else(unclear, |code| search(registry, kind, code, date, widely)));
        }
        if !self.references.is_empty() || self.unknown_reference {
            let named = any(self.references.iter().map(|(key, more)| referred(registry, kind, key, *more && widely)));
            parts.push(if self.unknown_reference { any([named, unclear()]) } else { named });
        }
        all(parts)
    }
}

fn has_tokens(registry: &Registry, kind: ResourceType, code: &str) -> bool {
    registry.get(kind, code).is_some_and(|parameter| parameter.kind == ParameterKind::Token)
}

/// What a search of one parameter finds; what cannot be searched for counts as it is said.
fn search(registry: &Registry, kind: ResourceType, code: &str, value: &str, widely: bool) -> Filter {
    if value.is_empty() {
        return nothing();
    }
    let found = criteria::filter(registry, kind, &[(code.to_owned(), value.to_owned())], 0);
    found.unwrap_or_else(|_| if widely { Filter::everything() } else { nothing() })
}

/// The resource itself, and with `more` whatever of the type refers to it.
fn referred(registry: &Registry, kind: ResourceType, key: &Key, more: bool) -> Filter {
    let itself = if key.kind == kind { Filter::Id(vec![key.id.clone()]) } else { nothing() };
    let target: Box<str> = key.to_string().into();
    let referring =
        registry.parameters(kind).filter(|parameter| more && parameter.kind == ParameterKind::Reference && parameter.leads_to(key.kind));
    any([itself].into_iter().chain(referring.map(|parameter| Filter::Match(parameter.param, Test::Local(target.clone())))))
}

/// A token to search for, with what means something in a search escaped.
fn token(system: &str, code: &str) -> String {
    let escaped = |text: &str| {
        text.chars().flat_map(|letter| r"\,|$".contains(letter).then_some('\\').into_iter().chain([letter])).collect::<String>()
    };
    if system.is_empty() { escaped(code) } else { format!("{}|{}", escaped(system), escaped(code)) }
}
