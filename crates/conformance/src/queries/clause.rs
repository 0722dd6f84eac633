//! One criterion: `name:modifier=value,value`.

use fhir::definitions::ResourceType;
use search::registry::support::PREFIXES;
use search::registry::{Origin, hierarchy};
use search::{Parameter, ParameterKind};

use super::Asker;
use super::code_set::is_asked;
use crate::matrix::{self, Form};
use crate::resources::IDS;
use crate::resources::pool::TEXTS;

impl<'a> Asker<'a> {
    /// A criterion that uses the parameter so.
    pub(super) fn clause(&mut self, kind: ResourceType, parameter: &'a Parameter, form: Form) -> Option<(String, String)> {
        if form == Form::Modifier("[type]") {
            return self.typed(kind, parameter);
        }
        if parameter.code == "_has" {
            return self.nested(kind, 2).filter(|(name, _)| name.starts_with("_has"));
        }
        let name = match form {
            Form::Modifier(modifier) => format!("{}:{modifier}", parameter.code),
            _ => parameter.code.to_string(),
        };
        if form == Form::Modifier("missing") {
            return Some((name, self.random.pick(&["true", "false"]).to_owned()));
        }
        // What is no list of values stands alone.
        let is_single = parameter.code == "_filter" || self.is_sure || self.random.chance(80);
        let count = if is_single { 1 } else { 2 + self.random.below(2) };
        let values: Vec<String> = (0..count).filter_map(|_| self.value(kind, parameter, form)).collect();
        if values.is_empty() {
            return None;
        }
        Some((name, values.join(",")))
    }

    /// `name:Type=id`, mostly of a resource that some resource refers to.
    fn typed(&mut self, kind: ResourceType, parameter: &'a Parameter) -> Option<(String, String)> {
        let target = self.linked(kind, parameter).map(|(_, target)| target).filter(|_| self.random.chance(85));
        let (of, id) = match target {
            Some(target) => (target.resource_type()?, target.text("id")?),
            None => (self.random.pick(&parameter.targets).name(), self.random.pick(&IDS)),
        };
        let value = if self.random.chance(30) { format!("{of}/{id}") } else { id.to_owned() };
        Some((format!("{}:{of}", parameter.code), value))
    }

    /// A criterion of any parameter of the type, used in any way that is supported.
    pub(super) fn criterion(&mut self, kind: ResourceType) -> Option<(String, String)> {
        if self.random.chance(8) {
            return self.nested(kind, 3);
        }
        let parameters: Vec<&'a Parameter> = self.registry.parameters(kind).collect();
        // There are few numbers, quantities and composites: they come more often than their share.
        let rare = |parameter: &&'a Parameter| matrix::is_ordered(parameter.kind) || parameter.kind == ParameterKind::Composite;
        let rare: Vec<&'a Parameter> = parameters.iter().copied().filter(rare).collect();
        let parameter = if rare.is_empty() || self.random.chance(70) { self.random.pick(&parameters) } else { self.random.pick(&rare) };
        let form = self.form(parameter)?;
        match form {
            Form::Value if parameter.code == "_has" => self.nested(kind, 2).filter(|(name, _)| name.starts_with("_has")),
            Form::Chain => self.chain(kind, parameter),
            Form::Value | Form::Prefix(_) | Form::Modifier(_) => self.clause(kind, parameter, form),
            _ => None,
        }
    }

    /// One of the forms that the parameter has in a criterion.
    fn form(&mut self, parameter: &'a Parameter) -> Option<Form> {
        let is_criterion = |form: &Form| matches!(form, Form::Value | Form::Prefix(_) | Form::Modifier(_) | Form::Chain);
        let forms: Vec<Form> = matrix::forms(parameter).into_iter().filter(is_criterion).collect();
        let form = if self.random.chance(40) { Form::Value } else { self.random.pick(&forms) };
        matrix::support(self.registry, parameter, form).is_ok().then_some(form)
    }

    /// A value for the parameter used so: mostly one that some resource has.
    pub(super) fn value(&mut self, kind: ResourceType, parameter: &'a Parameter, form: Form) -> Option<String> {
        let resources = self.data.of(kind);
        let start = self.random.below(resources.len());
        for offset in 0..resources.len() {
            let resource = &resources[(start + offset) % resources.len()];
            if let Some(value) = self.value_from(kind, parameter, form, resource) {
                return Some(value);
            }
        }
        if let Form::Modifier("above" | "below") = form
            && parameter.kind == ParameterKind::Reference
        {
            let nested = |target: &ResourceType| hierarchy::parent(*target).is_some();
            let targets: Vec<ResourceType> = parameter.targets.iter().copied().filter(nested).collect();
            // What has no such targets has versions.
            let kind = if targets.is_empty() { "Library" } else { self.random.pick(&targets).name() };
            return Some(format!("{kind}/{}", self.random.pick_early(&IDS)));
        }
        if parameter.kind == ParameterKind::Token && is_asked(form) {
            return Some(self.any_code_set(form));
        }
        if form == Form::Modifier("text") {
            let text = self.random.pick(&TEXTS).0;
            return self.piece(text, false);
        }
        if parameter.kind == ParameterKind::Composite {
            let parts: Option<Vec<String>> = parameter.components.iter().map(|part| self.made_up(part.kind, Form::Value)).collect();
            return Some(parts?.join("$"));
        }
        self.made_up(parameter.kind, form)
    }

    /// A value that the resource has.
    pub(super) fn value_from(
        &mut self,
        kind: ResourceType,
        parameter: &'a Parameter,
        form: Form,
        resource: &fhir::Value,
    ) -> Option<String> {
        if !matches!(parameter.origin, Origin::Expression | Origin::Store) || parameter.kind == ParameterKind::Special {
            return self.special(kind, parameter, resource);
        }
        if parameter.kind == ParameterKind::Token && is_asked(form) {
            return self.code_set(kind, parameter, form, resource);
        }
        match (&*parameter.code, parameter.kind) {
            ("_id", _) => return resource.text("id").map(str::to_owned),
            ("_lastUpdated", _) => {
                let moment = resource.get("meta")?.get("lastUpdated")?;
                return self.text(ParameterKind::Date, form, ("instant", moment));
            }
            (_, ParameterKind::Composite) => {
                let all = self.data.combinations(parameter, resource);
                let whole: Vec<_> = all.into_iter().filter(|parts| parts.iter().all(|part| !part.is_empty())).collect();
                let parts = whole.get(self.random.below(whole.len()))?;
                let kinds = parameter.components.iter().map(|component| component.kind);
                let texts: Option<Vec<String>> = kinds
                    .zip(parts)
                    .map(|(kind, part)| {
                        let drawn = self.random.pick(part);
                        let form = self.prefix_of(kind, form);
                        self.text(kind, form, drawn)
                    })
                    .collect();
                return Some(texts?.join("$"));
            }
            _ => {}
        }
        let values = self.data.values(parameter, resource);
        if values.is_empty() {
            return None;
        }
        let drawn = self.random.pick(&values);
        self.text(parameter.kind, form, drawn)
    }

    /// The prefix of a component: the one that is asked for, and any or none otherwise.
    fn prefix_of(&mut self, kind: ParameterKind, form: Form) -> Form {
        match form {
            _ if !matrix::is_ordered(kind) => Form::Value,
            Form::Prefix(_) => form,
            _ if !self.is_sure && self.random.chance(20) => Form::Prefix(self.random.pick(&PREFIXES).0),
            _ => Form::Value,
        }
    }
}
