//! The text that asks for codes by what they mean: a value set that has them, or a code above or below them.

use fhir::Value;
use fhir::definitions::ResourceType;
use search::Parameter;
use store::entry::EntryValue;

use super::Asker;
use super::value::escaped;
use crate::matrix::Form;
use crate::resources::meaning::{self, VALUE_SETS};
use crate::resources::pool::{CODES, SYSTEMS};

/// Whether a parameter used so asks what codes mean.
pub(super) fn is_asked(form: Form) -> bool {
    matches!(form, Form::Modifier("in" | "not-in" | "above" | "below"))
}

impl<'a> Asker<'a> {
    /// A value by which the resource is found, mostly.
    pub(super) fn code_set(&mut self, kind: ResourceType, parameter: &'a Parameter, form: Form, resource: &Value) -> Option<String> {
        let codes = self.codes(kind, parameter, resource);
        let mut codes: Vec<_> = codes.into_iter().filter(|(system, _)| !is_around(form) || system != SYSTEMS[3]).collect();
        self.random.shuffle(&mut codes);
        let (system, code) = codes.pop()?;
        match SYSTEMS.iter().find(|known| **known == system) {
            None if is_around(form) => Some(format!("{}|{}", escaped(&system), escaped(&code))),
            // Whose system has all codes there are: only another set leaves some out.
            None if form == Form::Modifier("not-in") && (self.is_sure || self.random.chance(50)) => Some(self.any_code_set(form)),
            None => Some(escaped(&format!("{system}?fhir_vs"))),
            Some(system) if is_around(form) => {
                let code = if self.is_sure || self.random.chance(60) { &code } else { self.random.pick(&CODES) };
                Some(format!("{}|{}", escaped(system), escaped(code)))
            }
            Some(_) => {
                let has = |name: &&&str| meaning::is_in(name, &system, &code) == Some(form != Form::Modifier("not-in"));
                let having: Vec<&str> = VALUE_SETS.iter().filter(has).copied().collect();
                let any = having.is_empty() || !self.is_sure && self.random.chance(25);
                let name = if any { self.random.pick(&VALUE_SETS) } else { self.random.pick(&having) };
                Some(self.written(name))
            }
        }
    }

    /// A value that no resource need be found by.
    pub(super) fn any_code_set(&mut self, form: Form) -> String {
        if is_around(form) {
            return format!("{}|{}", self.random.pick(&SYSTEMS[..3]), escaped(self.random.pick(&CODES)));
        }
        let name = self.random.pick(&VALUE_SETS);
        self.written(name)
    }

    /// A value set by its address, or by its id.
    fn written(&mut self, name: &str) -> String {
        if self.random.chance(70) { meaning::address(name) } else { format!("ValueSet/{name}") }
    }

    /// The codes that the parameter has in the resource, each with its system. The system of a `code` is in the index alone.
    fn codes(&self, kind: ResourceType, parameter: &Parameter, resource: &Value) -> Vec<(String, String)> {
        let mut codes = Vec::new();
        let mut add = |system: Option<&str>, code: Option<&str>| {
            let (system, code) = (system.unwrap_or_default(), code.unwrap_or_default());
            if !system.is_empty() && !code.is_empty() {
                codes.push((system.to_owned(), code.to_owned()));
            }
        };
        let values = self.data.values(parameter, resource);
        for (of, value) in &values {
            match *of {
                "Coding" => add(value.text("system"), value.text("code")),
                "CodeableConcept" => value.list("coding").for_each(|coding| add(coding.text("system"), coding.text("code"))),
                _ => {}
            }
        }
        if codes.is_empty() && !values.is_empty() && !parameter.folds_case {
            for entry in self.registry.extract(kind, resource).entries.iter().filter(|entry| entry.param == parameter.param) {
                if let EntryValue::Token(token) = &entry.value {
                    codes.push((token.system.to_string(), token.code.to_string()));
                }
            }
            codes.retain(|(system, _)| !system.is_empty());
        }
        codes
    }
}

fn is_around(form: Form) -> bool {
    matches!(form, Form::Modifier("above" | "below"))
}
