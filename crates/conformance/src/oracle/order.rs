//! The order of what is found (<http://hl7.org/fhir/R4/search.html#_sort>).

use std::cmp::Ordering;

use fhir::Value;
use fhir::definitions::{ResourceType, SearchParameterType};
use rust_decimal::Decimal;

use super::{Oracle, date, number, text};
use crate::path::Found;
use crate::queries::{Data, Question, Scope};

/// What a resource is ordered by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Text(String),
    Moment(i64),
    Number(Decimal),
}

impl Oracle {
    /// Two resources of an answer that stand in the wrong order, one after the other; `None` when there are none, or no opinion.
    pub fn disorder<'a>(&self, question: &Question, found: &'a [String], data: &Data) -> Option<(&'a str, &'a str)> {
        let sort = question.params.iter().find(|(name, _)| name == "_sort")?;
        if question.scope == Scope::System || question.params.iter().any(|(name, _)| name.starts_with("_contained")) {
            return None;
        }
        let resource = |name: &str| {
            let (kind, id) = name.split_once('/')?;
            let kind = ResourceType::parse(kind)?;
            Some((kind, data.get(kind, id)?))
        };
        let is_wrong = |pair: &&[String]| {
            let (Some(left), Some(right)) = (resource(&pair[0]), resource(&pair[1])) else { return false };
            self.compare(&sort.1, left, right) == Some(Ordering::Greater)
        };
        found.windows(2).find(is_wrong).map(|pair| (pair[0].as_str(), pair[1].as_str()))
    }

    fn compare(&self, sort: &str, left: (ResourceType, &Value), right: (ResourceType, &Value)) -> Option<Ordering> {
        for code in sort.split(',') {
            let (code, is_descending) = code.strip_prefix('-').map_or((code, false), |code| (code, true));
            let (left, right) = (self.key(code, is_descending, left)?, self.key(code, is_descending, right)?);
            let order = match (left, right) {
                (Some(left), Some(right)) if is_descending => right.cmp(&left),
                (Some(left), Some(right)) => left.cmp(&right),
                // What has no value comes last, both ways.
                (left, right) => left.is_none().cmp(&right.is_none()),
            };
            if order.is_ne() {
                return Some(order);
            }
        }
        Some(Ordering::Equal)
    }

    /// The smallest of the values, or the largest; `Some(None)` when there is none, `None` without an opinion.
    fn key(&self, code: &str, is_largest: bool, (kind, resource): (ResourceType, &Value)) -> Option<Option<Key>> {
        match code {
            "_id" => return Some(resource.text("id").map(|id| Key::Text(id.to_owned()))),
            "_lastUpdated" => return Some(Some(Key::Moment(date::span(resource.get("meta")?.text("lastUpdated")?)?.0))),
            _ => {}
        }
        let (parameter, paths) = self.paths.get(&(kind, code))?;
        let mut keys = Vec::new();
        for path in paths {
            for found in path.follow(resource)? {
                keys.extend(keys_of(parameter.kind, found)?);
            }
        }
        Some(if is_largest { keys.into_iter().max() } else { keys.into_iter().min() })
    }
}

fn keys_of(kind: SearchParameterType, found: Found<'_>) -> Option<Vec<Key>> {
    Some(match kind {
        // When what has no start begins, and how addresses are ordered, FHIR leaves open.
        SearchParameterType::Date if found.of.name == "Period" && found.value.get("start").is_none() => return None,
        SearchParameterType::Date => vec![Key::Moment(date::of(found)?.0)],
        SearchParameterType::Number => vec![Key::Number(number::read(found.value.as_number()?)?)],
        SearchParameterType::String => {
            let texts: Option<Vec<String>> = text::texts(&found).into_iter().map(text::folded).collect();
            texts?.into_iter().map(Key::Text).collect()
        }
        _ => return None,
    })
}
