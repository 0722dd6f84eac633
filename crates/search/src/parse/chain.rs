//! Criteria on other resources: chained parameters and `_has` (<http://hl7.org/fhir/R4/search.html#chaining>).

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use store::query::Filter;

use super::{MAX_CHAIN, Parser, shortened};
use crate::codes;
use crate::registry::{Parameter, ParameterKind};

/// What is asked of the resources that a link leads to.
type Inner<'a, 'p> = dyn FnMut(&mut Parser<'p>, ResourceType) -> Result<Filter, Issue> + 'a;
/// What is asked of the resources that refer to one, by a parameter of their type.
type Behind<'a, 'p> = dyn FnMut(&mut Parser<'p>, ResourceType, &str) -> Result<Filter, Issue> + 'a;

impl<'p> Parser<'p> {
    /// `link.rest=value` and `link:Type.rest=value`.
    pub(super) fn chain(&mut self, kind: ResourceType, link: &str, rest: &str, value: &str, depth: usize) -> Result<Filter, Issue> {
        self.follow(kind, link, rest, depth, &mut |parser, target| parser.clause(target, rest, value, depth))
    }

    /// The filter of a link, with what is asked of the types that it leads to and that know the parameter `rest` begins with.
    pub(super) fn follow(
        &mut self,
        kind: ResourceType,
        link: &str,
        rest: &str,
        depth: usize,
        inner: &mut Inner<'_, 'p>,
    ) -> Result<Filter, Issue> {
        check_depth(depth)?;
        let (code, type_name) = link.split_once(':').map_or((link, None), |(code, name)| (code, Some(name)));
        let parameter = self.parameter(kind, code)?;
        if parameter.kind != ParameterKind::Reference {
            let rule = format!("`{}` of {} is no reference: nothing can be chained to it with `.`", parameter.code, kind.name());
            return Err(Issue::error(codes::BAD_CHAIN, IssueCode::Invalid, "", rule));
        }
        let targets = match type_name {
            Some(name) => {
                let target = target(parameter, name)?;
                vec![(target, inner(self, target)?)]
            }
            None => self.follow_to_any(parameter, rest, inner)?,
        };
        Ok(Filter::Chain(parameter.param, targets))
    }

    /// The types that the reference may lead to and that know the rest of the chain, each with its filter.
    fn follow_to_any(
        &mut self,
        parameter: &Parameter,
        rest: &str,
        inner: &mut Inner<'_, 'p>,
    ) -> Result<Vec<(ResourceType, Filter)>, Issue> {
        let first = rest.split([':', '.']).next().unwrap_or(rest);
        let knows = |target: &ResourceType| self.registry.get(*target, first).is_some();
        let knowing: Vec<ResourceType> = parameter.targets.iter().copied().filter(knows).collect();
        let mut targets = Vec::new();
        let mut refusal = None;
        for target in knowing {
            match inner(self, target) {
                Ok(filter) => targets.push((target, filter)),
                Err(issue) if matches!(issue.number, codes::TOO_MANY_TESTS | codes::CHAIN_TOO_DEEP) => return Err(issue),
                Err(issue) => refusal = refusal.or(Some(issue)),
            }
        }
        match (refusal, parameter.targets.first()) {
            (_, _) if !targets.is_empty() => Ok(targets),
            (Some(issue), _) => Err(issue),
            (None, Some(&target)) => Err(inner(self, target).err().unwrap_or_else(|| bad_has("it leads nowhere"))),
            (None, None) => Ok(targets),
        }
    }

    /// `_has:Type:reference:rest=value`.
    pub(super) fn reverse_chain(&mut self, kind: ResourceType, path: &str, value: &str, depth: usize) -> Result<Filter, Issue> {
        self.follow_back(kind, path, depth, &mut |parser, source, rest| parser.clause(source, rest, value, depth))
    }

    /// The filter of `Type:reference:rest`, with what is asked of the resources that refer to this one.
    pub(super) fn follow_back(
        &mut self,
        kind: ResourceType,
        path: &str,
        depth: usize,
        inner: &mut Behind<'_, 'p>,
    ) -> Result<Filter, Issue> {
        check_depth(depth)?;
        let mut parts = path.splitn(3, ':');
        let (Some(type_name), Some(code), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(bad_has("it is written `_has:Type:reference:parameter`, as in `_has:Observation:patient:code`"));
        };
        let Some(source) = ResourceType::parse(type_name) else {
            return Err(bad_has(&format!("`{}` is no resource type", shortened(type_name))));
        };
        let parameter = self.parameter(source, code)?;
        if parameter.kind != ParameterKind::Reference || !parameter.leads_to(kind) {
            return Err(bad_has(&format!("`{}` of {} does not lead to {}", parameter.code, source.name(), kind.name())));
        }
        let filter = inner(self, source, rest)?;
        Ok(Filter::Has(source, parameter.param, Box::new(filter)))
    }
}

fn check_depth(depth: usize) -> Result<(), Issue> {
    if depth <= MAX_CHAIN {
        return Ok(());
    }
    let rule = format!("a chain has at most {MAX_CHAIN} links: ask in several searches");
    Err(Issue::error(codes::CHAIN_TOO_DEEP, IssueCode::TooCostly, "", rule))
}

fn bad_has(rule: &str) -> Issue {
    Issue::error(codes::BAD_HAS, IssueCode::Invalid, "", format!("`_has` cannot be followed: {rule}"))
}

/// The type of this name, when the reference may lead to it.
pub(super) fn target(parameter: &Parameter, name: &str) -> Result<ResourceType, Issue> {
    let refused = |why: &str| {
        let names: Vec<&str> = parameter.targets.iter().map(|target| target.name()).take(8).collect();
        let more = if parameter.targets.len() > names.len() { ", …" } else { "" };
        let rule = format!("`{}` {why} `{}`: it leads to {}{more}", parameter.code, shortened(name), names.join(", "));
        Issue::error(codes::BAD_CHAIN, IssueCode::Invalid, "", rule)
    };
    match ResourceType::parse(name) {
        Some(kind) if parameter.leads_to(kind) => Ok(kind),
        Some(_) => Err(refused("does not lead to")),
        None => Err(refused("cannot lead to what is no resource type,")),
    }
}
