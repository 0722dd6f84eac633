//! Which search parameters read a hidden element.
//!
//! Their expressions tell. Where one cannot tell, because it is a resource's own or goes elsewhere than along elements of its type, it counts as
//! reading everything.

use std::collections::HashMap;

use fhir::definitions::ResourceType;
use search::extract::cut_words;
use search::registry::Origin;
use search::{Parameter, Registry, date};
use store::contract::ReadError;
use store::entry::Param;
use store::query::{Filter, Query, SortBy};

use super::elements;
use crate::gate::Gate;
use crate::grant::Grant;
use crate::refusal;

/// The parameters that read hidden elements, each with its type and code.
pub(in crate::gate) struct HiddenParams {
    params: HashMap<Param, (ResourceType, Box<str>)>,
    /// The types whose natural date is hidden.
    dates: Vec<ResourceType>,
}

impl Gate {
    /// The parameters that read hidden elements: worked out when somebody first asks.
    pub(in crate::gate) fn hidden_params(&self) -> &HiddenParams {
        self.hidden.get_or_init(|| HiddenParams::of(&self.grant, &self.parameters.current()))
    }
}

impl HiddenParams {
    fn of(grant: &Grant, registry: &Registry) -> Self {
        let mut hidden = Self { params: HashMap::new(), dates: Vec::new() };
        for kind in ResourceType::all() {
            let Some(fields) = grant.fields(kind).filter(|fields| !fields.hidden.is_empty()) else { continue };
            for parameter in registry.parameters(kind).filter(|parameter| reads(kind, parameter, &fields.hidden)) {
                let derived = &parameter.derived;
                let cut = cut_words(kind, &parameter.code);
                for param in [parameter.param, derived.text, derived.of_type, derived.ucum, cut] {
                    hidden.params.insert(param, (kind, parameter.code.as_ref().into()));
                }
                if date::natural(kind) == Some(&*parameter.code) {
                    hidden.dates.push(kind);
                }
            }
        }
        hidden
    }

    /// Whether a parameter is one of them.
    pub(in crate::gate) fn has(&self, param: Param) -> bool {
        self.params.contains_key(&param)
    }

    /// Whether the date by which resources of the type are ordered is hidden.
    pub(in crate::gate) fn has_date_of(&self, kind: ResourceType) -> bool {
        self.dates.contains(&kind)
    }

    /// [`ReadError::Forbidden`] when the search asks by one of them.
    pub(in crate::gate) fn check(&self, query: &Query) -> Result<(), ReadError> {
        if query.mentions(&|param| self.params.contains_key(&param)) {
            let sorts = query.sort.iter().filter_map(|sort| match &sort.by {
                SortBy::Params(params) => Some(params.iter().copied()),
                _ => None,
            });
            let includes = query.include.iter().flat_map(|include| include.params.iter().copied());
            let ranks = query.rank.iter().map(|(param, _)| *param);
            let named = sorts.flatten().chain(includes).chain(ranks).find_map(|param| self.params.get(&param));
            if let Some((kind, code)) = named {
                return Err(ReadError::Forbidden(refusal::hidden_parameter(*kind, code)));
            }
        }
        let mut filters = query.subjects.iter().chain(&query.inside).map(|subject| &subject.filter);
        filters.try_for_each(|filter| self.check_filter(filter))
    }

    /// The same for a filter.
    pub(in crate::gate) fn check_filter(&self, filter: &Filter) -> Result<(), ReadError> {
        if !filter.mentions(&|param| self.params.contains_key(&param)) {
            return Ok(());
        }
        let named = self.params.iter().find(|(hidden, _)| filter.mentions(&|param| param == **hidden));
        Err(ReadError::Forbidden(named.map_or_else(|| "".into(), |(_, (kind, code))| refusal::hidden_parameter(*kind, code))))
    }
}

/// Whether a parameter reads one of the elements.
fn reads(kind: ResourceType, parameter: &Parameter, hidden: &[Box<str>]) -> bool {
    match parameter.origin {
        Origin::Store | Origin::Criterion | Origin::Refused(_) => return false,
        // Words, and how names sound, are of several elements.
        Origin::Narrative | Origin::Content | Origin::Sounds | Origin::Likeness => return true,
        Origin::Expression => {}
    }
    let hidden: Vec<Vec<&str>> = hidden.iter().map(|path| elements::path(path)).collect();
    let touches = |read: &[&str]| hidden.iter().any(|hidden| hidden.starts_with(read) || read.starts_with(hidden));
    if parameter.is_custom {
        return true;
    }
    // A composite's expression says where its parts are looked for: what is below it is read.
    match paths(kind, &parameter.expression) {
        Some(paths) if parameter.components.is_empty() => paths.iter().any(|path| touches(path)),
        Some(bases) => bases.iter().any(|base| {
            parameter.components.iter().any(|component| {
                let inner = below(&component.expression);
                touches(&[base.as_slice(), &inner].concat())
            })
        }),
        None => true,
    }
}

/// The elements that an expression begins at, as far as they are elements and no functions; `None` when it does not begin at its type.
fn paths(kind: ResourceType, expression: &str) -> Option<Vec<Vec<&str>>> {
    if expression.contains('%') {
        return None;
    }
    let mut paths = Vec::new();
    for root in [kind.name(), "DomainResource", "Resource"] {
        for (at, _) in expression.match_indices(root) {
            let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
            let before = expression[..at].chars().next_back();
            let rest = &expression[at + root.len()..];
            if before.is_some_and(|before| is_word(before) || before == '.' || before == '\'') || rest.starts_with(is_word) {
                continue;
            }
            // A type that stands alone, as in `resolve() is Patient`, reads nothing; so does the base of a composite, whose parts say what they read.
            paths.push(rest.strip_prefix('.').map_or_else(Vec::new, below));
        }
    }
    // Each alternative begins at the type, or it reads what cannot be told.
    let is_told = expression.split('|').all(|each| {
        let each = each.trim_start_matches([' ', '(']);
        [kind.name(), "DomainResource", "Resource"].iter().any(|root| each.starts_with(root))
    });
    is_told.then_some(paths)
}

/// The names of elements that an expression begins with: up to a function, an operator, a bracket.
fn below(expression: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = expression.trim_start_matches([' ', '(']);
    loop {
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if name.is_empty() || after.starts_with('(') || name == "$this" {
            return names;
        }
        names.push(name);
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None => return names,
        }
    }
}
