//! Parameters that say how to answer.

use fhir::definitions::{ResourceType, definitions};
use search::{Parameter, ParameterKind};

use super::Asker;
use crate::matrix::{self, Form};

impl<'a> Asker<'a> {
    /// Adds some of them.
    pub(super) fn results(&mut self, kind: ResourceType, params: &mut Vec<(String, String)>) {
        if self.random.chance(60) {
            let count = self.random.pick(&["0", "1", "2", "3", "5", "20", "1000"]);
            params.push(("_count".into(), count.into()));
        }
        if self.random.chance(40) {
            params.push(("_sort".into(), self.order(kind)));
        }
        if self.random.chance(40) {
            params.push(("_total".into(), self.random.pick(&["none", "estimate", "accurate"]).into()));
        }
        if self.random.chance(15) {
            params.push(("_summary".into(), self.random.pick(&["true", "text", "data", "count", "false"]).into()));
        } else if self.random.chance(15) {
            let elements = &definitions().resource(kind).elements;
            let names: Vec<&str> = (0..2).map(|_| elements[self.random.below(elements.len())].name).collect();
            params.push(("_elements".into(), names.join(",")));
        }
        if self.random.chance(5) {
            params.push(("_contained".into(), self.random.pick(&["true", "both"]).into()));
            params.push(("_containedType".into(), self.random.pick(&["contained", "container"]).into()));
        }
        for _ in 0..2 {
            if self.random.chance(20) {
                params.extend(self.include(kind));
            }
        }
    }

    /// One to three keys, either way.
    fn order(&mut self, kind: ResourceType) -> String {
        let sortable =
            |parameter: &&'a Parameter| matrix::support(self.registry, parameter, Form::Sort).is_ok() && parameter.code != "_score";
        let parameters: Vec<&'a Parameter> = self.registry.parameters(kind).filter(sortable).collect();
        let count = 1 + self.random.below(3);
        let keys = (0..count).map(|_| {
            let code = &self.random.pick(&parameters).code;
            if self.random.chance(50) { format!("-{code}") } else { code.to_string() }
        });
        keys.collect::<Vec<_>>().join(",")
    }

    fn include(&mut self, kind: ResourceType) -> Option<(String, String)> {
        let is_link = |parameter: &&'a Parameter| parameter.kind == ParameterKind::Reference && !parameter.targets.is_empty();
        let iterate = if self.random.chance(30) { ":iterate" } else { "" };
        if self.random.chance(50) {
            let links: Vec<&'a Parameter> = self.registry.parameters(kind).filter(is_link).collect();
            let link = *links.get(self.random.below(links.len()))?;
            let value = match self.random.below(4) {
                0 => format!("{}:*", kind.name()),
                1 => format!("{}:{}:{}", kind.name(), link.code, self.random.pick(&link.targets).name()),
                _ => format!("{}:{}", kind.name(), link.code),
            };
            return Some((format!("_include{iterate}"), value));
        }
        let source = self.any_type();
        let leads = |parameter: &&'a Parameter| is_link(parameter) && parameter.leads_to(kind);
        let links: Vec<&'a Parameter> = self.registry.parameters(source).filter(leads).collect();
        let link = *links.get(self.random.below(links.len()))?;
        Some((format!("_revinclude{iterate}"), format!("{}:{}", source.name(), link.code)))
    }
}
