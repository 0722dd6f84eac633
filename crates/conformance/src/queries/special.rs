//! Values of parameters that have none of their own: words, names by sound, places, lists, filters.

use fhir::Value;
use fhir::definitions::ResourceType;
use search::registry::Origin;
use search::{Parameter, ParameterKind};

use super::Asker;
use crate::matrix::{self, Form};
use crate::resources::IDS;
use crate::resources::pool::TEXTS;

impl<'a> Asker<'a> {
    /// A value for a parameter of another origin than an expression; `None` for one that has an expression, or is not special in its kind.
    pub(super) fn special(&mut self, kind: ResourceType, parameter: &'a Parameter, resource: &Value) -> Option<String> {
        match (parameter.origin, &*parameter.code) {
            (Origin::Narrative | Origin::Content, _) => {
                let words: Vec<&str> = TEXTS.iter().flat_map(|(text, _)| text.split_whitespace()).filter(|word| has_letter(word)).collect();
                Some(super::value::escaped(self.random.pick(&words)))
            }
            (Origin::Sounds | Origin::Likeness, _) => {
                let parts = resource.list("name").flat_map(|name| ["family", "given"].into_iter().flat_map(|part| name.list(part)));
                let names: Vec<&str> =
                    parts.filter_map(Value::as_str).filter(|name| name.bytes().any(|byte| byte.is_ascii_alphabetic())).collect();
                if names.is_empty() { None } else { Some(super::value::escaped(self.random.pick(&names))) }
            }
            (_, "_list") => self
                .list_with(kind)
                .map(str::to_owned)
                .or_else(|| Some(format!("{}{}", self.random.pick(&["", "List/"]), self.random.pick(&IDS)))),
            (_, "_filter") => self.filter_expression(kind),
            (Origin::Expression, _) if parameter.kind == ParameterKind::Special => self.place(resource),
            _ => None,
        }
    }

    /// The id of a List that has a resource of this type.
    fn list_with(&mut self, kind: ResourceType) -> Option<&'a str> {
        let prefix = format!("{}/", kind.name());
        let refers =
            |item: &Value| item.get("item").and_then(|item| item.text("reference")).is_some_and(|address| address.starts_with(&prefix));
        let lists = self.data.of(ResourceType::parse("List")?).iter().filter(|list| list.list("entry").any(refers));
        let ids: Vec<&'a str> = lists.filter_map(|list| list.text("id")).collect();
        if ids.is_empty() { None } else { Some(self.random.pick(&ids)) }
    }

    /// `latitude|longitude|distance|units` of a place, or of one beside it.
    fn place(&mut self, resource: &Value) -> Option<String> {
        let position = resource.get("position")?;
        let (latitude, longitude) = (position.get("latitude")?.as_number()?, position.get("longitude")?.as_number()?);
        let is_within = |text: &str, most: f64| text.parse::<f64>().is_ok_and(|number| number.abs() <= most);
        if !is_within(latitude, 90.0) || !is_within(longitude, 180.0) {
            return None;
        }
        let distance = self.random.pick(&["", "|0", "|10", "|500|km", "|300|[mi_us]", "|15000|m"]);
        let latitude = if self.random.chance(30) { "1" } else { latitude };
        Some(format!("{latitude}|{longitude}{distance}"))
    }

    /// One condition of `_filter`, or two.
    fn filter_expression(&mut self, kind: ResourceType) -> Option<String> {
        let first = self.condition(kind)?;
        Some(match self.random.below(4) {
            0 => format!("not ({first})"),
            1 => format!("{first} and {}", self.condition(kind)?),
            2 => format!("({first} or {})", self.condition(kind)?),
            _ => first,
        })
    }

    /// `path operator value`.
    fn condition(&mut self, kind: ResourceType) -> Option<String> {
        let has_operators = |parameter: &&'a Parameter| {
            let kinds = [ParameterKind::String, ParameterKind::Date, ParameterKind::Token, ParameterKind::Number, ParameterKind::Reference];
            parameter.origin == Origin::Expression && kinds.contains(&parameter.kind)
        };
        let parameters: Vec<&'a Parameter> = self.registry.parameters(kind).filter(has_operators).collect();
        let parameter = self.random.pick(&parameters);
        let operators: &[&str] = match parameter.kind {
            ParameterKind::String => &["eq", "ne", "co", "sw", "ew"],
            ParameterKind::Date | ParameterKind::Number => &["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"],
            _ => &["eq", "ne"],
        };
        if self.random.chance(15) {
            return Some(format!("{} pr {}", parameter.code, self.random.pick(&["true", "false"])));
        }
        if parameter.kind == ParameterKind::Token && self.random.chance(25) {
            let (operator, modifier) = self.random.pick(&[("in", "in"), ("ni", "not-in"), ("sb", "below"), ("ss", "above")]);
            let form = Form::Modifier(modifier);
            matrix::support(self.registry, parameter, form).ok()?;
            let value = self.value(kind, parameter, form).filter(|value| !value.contains(['\\', '"', ',']))?;
            return Some(format!("{} {operator} \"{value}\"", parameter.code));
        }
        let value = self.value(kind, parameter, Form::Value).filter(|value| !value.contains(['\\', '"']))?;
        Some(format!("{} {} \"{value}\"", parameter.code, self.random.pick(operators)))
    }
}

fn has_letter(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}
