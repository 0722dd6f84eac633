//! `_include` and `_revinclude` (<http://hl7.org/fhir/R4/search.html#revinclude>).

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use store::entry::Param;
use store::query::{Direction, Include};

use super::{Parser, shortened};
use crate::codes;
use crate::registry::{Parameter, ParameterKind};

impl Parser<'_> {
    /// The include of `_include:iterate=Type:parameter:Target`.
    pub(super) fn include(&self, name: &str, value: &str) -> Result<Include, Issue> {
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
            return self.include_all(direction, iterate);
        }
        let source = resource_type(base, source)?;
        if direction == Direction::Forward && source != self.kind && !iterate {
            let rule = format!(
                "begins at the type searched, {}: to go on from resources brought along, write `_include:iterate`",
                self.kind.name()
            );
            return Err(bad_include(base, &rule));
        }
        let target = target.map(|name| resource_type(base, name)).transpose()?;
        let code = code.ok_or_else(|| bad_include(base, FORM))?;
        let params = match direction {
            Direction::Forward => self.references(base, source, code, target)?,
            Direction::Reverse => {
                self.check_reverse_target(base, target, iterate)?;
                self.references(base, source, code, if iterate { None } else { Some(self.kind) })?
            }
        };
        Ok(Include { direction, source, params, target: target.filter(|_| direction == Direction::Forward), iterate })
    }

    fn include_all(&self, direction: Direction, iterate: bool) -> Result<Include, Issue> {
        if direction == Direction::Reverse {
            return Err(bad_include("_revinclude", "cannot be `*`: name the type, as in `Observation:*`"));
        }
        let params = self.references("_include", self.kind, "*", None)?;
        Ok(Include { direction, source: self.kind, params, target: None, iterate })
    }

    /// In `_revinclude=Type:parameter:Target` the target can only be what is searched.
    fn check_reverse_target(&self, base: &str, target: Option<ResourceType>, iterate: bool) -> Result<(), Issue> {
        match target {
            None => Ok(()),
            Some(target) if target == self.kind && !iterate => Ok(()),
            Some(_) if iterate => Err(bad_include(base, "with `:iterate` takes no target type yet: leave it out")),
            Some(_) => Err(bad_include(base, &format!("leads to the type searched: its target can only be {}", self.kind.name()))),
        }
    }

    /// The reference parameter `code` of a type, or all of them for `*`, that may lead to `target`.
    fn references(&self, base: &str, source: ResourceType, code: &str, target: Option<ResourceType>) -> Result<Vec<Param>, Issue> {
        let fits =
            |parameter: &Parameter| parameter.kind == ParameterKind::Reference && target.is_none_or(|target| parameter.leads_to(target));
        if code == "*" {
            return Ok(self.registry.parameters(source).filter(|parameter| fits(parameter)).map(|parameter| parameter.param).collect());
        }
        let parameter = self.parameter(source, code)?;
        if fits(parameter) {
            return Ok(vec![parameter.param]);
        }
        let to = target.map(|target| format!(" to {}", target.name())).unwrap_or_default();
        Err(bad_include(base, &format!("follows references: `{code}` of {} is none{to}", source.name())))
    }
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
