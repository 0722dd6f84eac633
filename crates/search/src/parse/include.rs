//! `_include` and `_revinclude` (<http://hl7.org/fhir/R4/search.html#revinclude>).

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use store::entry::Param;
use store::query::{Direction, Include};

use super::{Parser, shortened};
use crate::codes;
use crate::registry::{Parameter, ParameterKind};

impl Parser<'_> {
    /// The includes of `_include:iterate=Type:parameter:Target`; several for `*`.
    pub(super) fn include(&self, name: &str, value: &str) -> Result<Vec<Include>, Issue> {
        let (base, modifier) = name.split_once(':').map_or((name, None), |(base, modifier)| (base, Some(modifier)));
        let direction = if base == "_include" { Direction::Forward } else { Direction::Reverse };
        let iterate = match modifier {
            None => false,
            Some("iterate" | "recurse") => true,
            Some(_) => return Err(bad_include(base, "has no other modifier than `:iterate`")),
        };
        let mut parts = value.split(':');
        let (source, code, target) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        if parts.next().is_some() {
            return Err(bad_include(base, FORM));
        }
        if (source, code) == ("*", None) {
            return Ok(self.include_all(direction, iterate));
        }
        let source = resource_type(base, source)?;
        if direction == Direction::Forward && !self.kinds.contains(&source) && !iterate {
            let rule = format!("begins at a type searched: to go on from {} brought along, write `_include:iterate`", source.name());
            return Err(bad_include(base, &rule));
        }
        let target = target.map(|name| resource_type(base, name)).transpose()?;
        let code = code.ok_or_else(|| bad_include(base, FORM))?;
        let params = match direction {
            Direction::Forward => self.references(base, source, code, target.as_slice())?,
            Direction::Reverse => {
                self.check_reverse_target(base, target, iterate)?;
                let targets = if iterate { target.into_iter().collect() } else { self.kinds.clone() };
                self.references(base, source, code, &targets)?
            }
        };
        Ok(vec![Include { direction, source, params, target, iterate }])
    }

    /// `*`: everything that is referred to; with `:iterate` also from what is brought along. `_revinclude=*`: all that refers here.
    fn include_all(&self, direction: Direction, iterate: bool) -> Vec<Include> {
        let every_source = direction == Direction::Reverse || iterate;
        let sources = if every_source { ResourceType::all().collect() } else { self.kinds.clone() };
        let targets = if direction == Direction::Reverse && !iterate { self.kinds.as_slice() } else { &[] };
        let include = |source| Include { direction, source, params: self.all_references(source, targets), target: None, iterate };
        sources.into_iter().map(include).filter(|include| !include.params.is_empty()).collect()
    }

    fn all_references(&self, source: ResourceType, targets: &[ResourceType]) -> Vec<Param> {
        self.registry.parameters(source).filter(|parameter| leads(parameter, targets)).map(|parameter| parameter.param).collect()
    }

    /// In `_revinclude=Type:parameter:Target` the target can only be what is searched.
    fn check_reverse_target(&self, base: &str, target: Option<ResourceType>, iterate: bool) -> Result<(), Issue> {
        match target {
            None => Ok(()),
            Some(target) if iterate || self.kinds.contains(&target) => Ok(()),
            Some(target) => Err(bad_include(base, &format!("leads to the type searched: its target cannot be {}", target.name()))),
        }
    }

    /// The reference parameter `code` of a type, or all of them for `*`, that may lead to one of the targets; to any when there are none.
    fn references(&self, base: &str, source: ResourceType, code: &str, targets: &[ResourceType]) -> Result<Vec<Param>, Issue> {
        if code == "*" {
            return Ok(self.all_references(source, targets));
        }
        let parameter = self.parameter(source, code)?;
        if leads(parameter, targets) {
            return Ok(vec![parameter.param]);
        }
        let to = targets.first().map(|target| format!(" to {}", target.name())).unwrap_or_default();
        Err(bad_include(base, &format!("follows references: `{code}` of {} is none{to}", source.name())))
    }
}

/// Whether a parameter refers to one of the targets; to anything when there are none.
fn leads(parameter: &Parameter, targets: &[ResourceType]) -> bool {
    parameter.kind == ParameterKind::Reference && (targets.is_empty() || targets.iter().any(|target| parameter.leads_to(*target)))
}

const FORM: &str = "is written `Type:parameter` or `Type:parameter:Target`";

fn resource_type(base: &str, name: &str) -> Result<ResourceType, Issue> {
    ResourceType::parse(name).ok_or_else(|| {
        let near = fhir::nearest(name, ResourceType::all().map(ResourceType::name))
            .map(|near| format!(", did you mean {near}?"))
            .unwrap_or_default();
        bad_include(base, &format!("{FORM}: `{}` is no resource type{near}", shortened(name)))
    })
}

fn bad_include(base: &str, rule: &str) -> Issue {
    Issue::error(codes::BAD_INCLUDE, IssueCode::Value, "", format!("`{base}` {rule}"))
}
