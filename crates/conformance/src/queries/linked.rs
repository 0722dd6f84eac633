//! Criteria on other resources: chains and `_has`, whose values are taken from the resources at the other end.

use fhir::Value;
use fhir::definitions::ResourceType;
use search::registry::Origin;
use search::{Parameter, ParameterKind};

use super::{Asker, Question};
use crate::matrix::Form;
use crate::resources::pool::BASE;

impl<'a> Asker<'a> {
    /// `reference:Type.other=value` or `reference.other=value`.
    pub(super) fn chain(&mut self, kind: ResourceType, parameter: &'a Parameter) -> Option<(String, String)> {
        let target = self.linked(kind, parameter).map(|(_, target)| target);
        let of = match target.and_then(|target| ResourceType::parse(target.resource_type()?)) {
            Some(of) if parameter.leads_to(of) => of,
            _ => self.random.pick(&parameter.targets),
        };
        let (name, value) = self.plain_criterion(of, target)?;
        let is_typed = self.random.chance(60) || parameter.targets.len() > 3;
        Some((if is_typed { format!("{}:{}.{name}", parameter.code, of.name()) } else { format!("{}.{name}", parameter.code) }, value))
    }

    /// A search of a type that the parameter leads to: `_has:Type:reference:other=value`.
    pub(super) fn reverse_chain(&mut self, kind: ResourceType, parameter: &'a Parameter) -> Option<Question> {
        let found = self.linked(kind, parameter);
        let source = found.map(|(source, _)| source);
        let target =
            found.and_then(|(_, target)| ResourceType::parse(target.resource_type()?)).filter(|target| parameter.leads_to(*target));
        let searched = target.unwrap_or_else(|| self.random.pick(&parameter.targets));
        let (name, value) = self.plain_criterion(kind, source)?;
        Some(Question::of(searched, vec![(format!("_has:{}:{}:{name}", kind.name(), parameter.code), value)]))
    }

    /// A search that brings along what the parameter of a resource leads to, or what leads to a resource by it.
    pub(super) fn bringing(&mut self, kind: ResourceType, parameter: &'a Parameter, forward: bool) -> Option<Question> {
        let link = format!("{}:{}", kind.name(), parameter.code);
        let name = if forward { "_include" } else { "_revinclude" };
        let mut params = vec![(name.to_owned(), link)];
        let found = self.linked(kind, parameter);
        let from = found.map(|(source, target)| if forward { source } else { target });
        let searched = match (from.and_then(Value::resource_type).and_then(ResourceType::parse), forward) {
            (Some(of), _) => of,
            (None, true) => kind,
            (None, false) => *parameter.targets.first()?,
        };
        params.extend(from.and_then(|from| from.text("id")).map(|id| ("_id".to_owned(), id.to_owned())));
        Some(Question::of(searched, params))
    }

    /// A criterion of a type that may itself be chained, a few times.
    pub(super) fn nested(&mut self, kind: ResourceType, depth: usize) -> Option<(String, String)> {
        let is_link = |parameter: &&'a Parameter| parameter.kind == ParameterKind::Reference && !parameter.targets.is_empty();
        let links: Vec<&'a Parameter> = self.registry.parameters(kind).filter(is_link).collect();
        if links.is_empty() || depth == 0 {
            return self.plain_criterion(kind, None);
        }
        if self.random.chance(50) {
            let link = self.random.pick(&links);
            let of = self.random.pick(&link.targets);
            let (name, value) = self.nested(of, depth - 1)?;
            return Some((format!("{}:{}.{name}", link.code, of.name()), value));
        }
        let source = self.any_type();
        let leading = |parameter: &&'a Parameter| is_link(parameter) && parameter.leads_to(kind);
        let back: Vec<&'a Parameter> = self.registry.parameters(source).filter(leading).collect();
        if back.is_empty() {
            return self.plain_criterion(kind, None);
        }
        let link = self.random.pick(&back);
        let (name, value) = self.nested(source, depth - 1)?;
        Some((format!("_has:{}:{}:{name}", source.name(), link.code), value))
    }

    /// A criterion without modifier, whose value this resource has when one is given.
    fn plain_criterion(&mut self, kind: ResourceType, resource: Option<&Value>) -> Option<(String, String)> {
        let is_plain = |parameter: &&'a Parameter| matches!(parameter.origin, Origin::Expression | Origin::Store);
        let parameters: Vec<&'a Parameter> = self.registry.parameters(kind).filter(is_plain).collect();
        for _ in 0..8 {
            let parameter = self.random.pick(&parameters);
            let value = match resource {
                Some(resource) => self.value_from(kind, parameter, Form::Value, resource),
                None => self.value(kind, parameter, Form::Value),
            };
            if let Some(value) = value {
                return Some((parameter.code.to_string(), value));
            }
        }
        let id = resource.and_then(|resource| resource.text("id")).unwrap_or("1");
        Some(("_id".to_owned(), id.to_owned()))
    }

    /// A resource of the type, and one of the data that it refers to by the parameter.
    pub(super) fn linked(&mut self, kind: ResourceType, parameter: &'a Parameter) -> Option<(&'a Value, &'a Value)> {
        let data = self.data;
        let resources = data.of(kind);
        let start = self.random.below(resources.len());
        for offset in 0..resources.len() {
            let resource = &resources[(start + offset) % resources.len()];
            for (_, value) in data.values(parameter, resource) {
                if let Some(target) = local(value).and_then(|(target, id)| data.get(target, id).filter(|_| parameter.leads_to(target))) {
                    return Some((resource, target));
                }
            }
        }
        None
    }
}

/// The resource of this server that a reference, a canonical or a resource in an entry leads to.
fn local(value: &Value) -> Option<(ResourceType, &str)> {
    if let (Some(kind), Some(id)) = (value.resource_type(), value.text("id")) {
        return Some((ResourceType::parse(kind)?, id));
    }
    let address = value.text("reference").or_else(|| value.as_str())?;
    let relative = address.strip_prefix(BASE).and_then(|rest| rest.strip_prefix('/')).unwrap_or(address);
    let mut parts = relative.split(['/', '|']);
    Some((ResourceType::parse(parts.next()?)?, parts.next()?))
}
