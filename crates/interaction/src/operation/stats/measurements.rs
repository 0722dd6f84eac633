//! The measurements in observations, by code and unit.

use std::collections::HashSet;

use fhir::Value;
use rust_decimal::Decimal;

use crate::references::{Target, target};

/// The system of units whose values count.
pub(super) const UCUM: &str = "http://unitsofmeasure.org";

/// The measurements of one code in one unit.
pub(super) struct Series {
    /// The coding.
    pub(super) code: Value,
    /// `None` for a code of which nothing was measured.
    pub(super) unit: Option<Unit>,
    pub(super) values: Vec<Decimal>,
    /// All measurements of the code, those that do not count included.
    pub(super) total: usize,
}

/// A unit of UCUM.
#[derive(Clone)]
pub(super) struct Unit {
    pub(super) code: String,
    /// As people write it.
    pub(super) name: String,
}

/// All measurements.
pub(super) struct Measurements<'a> {
    asked: &'a [Value],
    codes: Vec<Code>,
    /// Observations that were gone through: one may be a match and a panel's member as well.
    seen: HashSet<Box<str>>,
}

/// The measurements of one code.
struct Code {
    coding: Value,
    total: usize,
    units: Vec<(Unit, Vec<Decimal>)>,
}

impl<'a> Measurements<'a> {
    pub(super) fn new(asked: &'a [Value]) -> Self {
        let mut measurements = Self { asked, codes: Vec::new(), seen: HashSet::new() };
        for coding in asked {
            measurements.code(coding);
        }
        measurements
    }

    /// Adds what was measured in an observation that was found: its own value and components with an asked code; all components
    /// when it is a panel that was asked for. Gives back the ids of the panel's members.
    pub(super) fn add(&mut self, id: &str, observation: &Value) -> Vec<Box<str>> {
        if !self.seen.insert(id.into()) {
            return Vec::new();
        }
        let own = self.asked_coding(observation);
        if let Some(coding) = own.clone().filter(|_| is_measured(observation)) {
            self.take(&coding, observation);
        }
        for component in observation.list("component") {
            if let Some(coding) = self.asked_coding(component).or_else(|| own.as_ref().and_then(|_| first_coding(component))) {
                self.take(&coding, component);
            }
        }
        let members = observation.list("hasMember").filter(|_| own.is_some()).filter_map(|member| member.text("reference"));
        let local = |reference: &str| match target(reference, "") {
            Target::Local(key) if key.kind.name() == "Observation" => Some(key.id),
            _ => None,
        };
        members.filter_map(local).collect()
    }

    /// Adds what was measured in a member of a panel: under its own codes, unless it was entered in error.
    pub(super) fn add_member(&mut self, id: &str, observation: &Value) {
        if observation.text("status") == Some("entered-in-error") || !self.seen.insert(id.into()) {
            return;
        }
        if let Some(coding) = first_coding(observation).filter(|_| is_measured(observation)) {
            self.take(&coding, observation);
        }
        for component in observation.list("component") {
            if let Some(coding) = first_coding(component) {
                self.take(&coding, component);
            }
        }
    }

    /// The measurements of each code in each unit; one without any for a code of which nothing was measured.
    pub(super) fn series(&self) -> impl Iterator<Item = Series> {
        let of = |code: &Code| -> Vec<Series> {
            if code.units.is_empty() {
                return vec![Series { code: code.coding.clone(), unit: None, values: Vec::new(), total: code.total }];
            }
            let series = |(unit, values): &(Unit, Vec<Decimal>)| {
                let mut values = values.clone();
                values.sort_unstable();
                Series { code: code.coding.clone(), unit: Some(unit.clone()), values, total: code.total }
            };
            code.units.iter().map(series).collect()
        };
        self.codes.iter().flat_map(of)
    }

    fn take(&mut self, coding: &Value, holder: &Value) {
        let code = self.code(coding);
        code.total += 1;
        let Some((unit, value)) = holder.get("valueQuantity").and_then(measured) else { return };
        match code.units.iter_mut().find(|(known, _)| known.code == unit.code) {
            Some((_, values)) => values.push(value),
            None => code.units.push((unit, vec![value])),
        }
    }

    fn code(&mut self, coding: &Value) -> &mut Code {
        let index = self.codes.iter().position(|known| is_same(&known.coding, coding)).unwrap_or_else(|| {
            self.codes.push(Code { coding: coding.clone(), total: 0, units: Vec::new() });
            self.codes.len() - 1
        });
        &mut self.codes[index]
    }

    /// The coding of an observation or component that was asked for.
    fn asked_coding(&self, holder: &Value) -> Option<Value> {
        let has = |asked: &&Value| codings(holder).any(|coding| is_same(asked, coding));
        self.asked.iter().find(has).cloned()
    }
}

fn codings(holder: &Value) -> impl Iterator<Item = &Value> {
    holder.get("code").into_iter().flat_map(|code| code.list("coding"))
}

fn first_coding(holder: &Value) -> Option<Value> {
    codings(holder).find(|coding| coding.get("code").is_some()).cloned()
}

/// Whether `coding` is what is asked for: the same code, of the same system where one is asked for.
fn is_same(asked: &Value, coding: &Value) -> bool {
    asked.text("code") == coding.text("code") && asked.text("system").is_none_or(|system| coding.text("system") == Some(system))
}

/// Whether there is something to measure beside the parts of a panel.
fn is_measured(observation: &Value) -> bool {
    observation.get("component").is_none() && observation.get("hasMember").is_none() || observation.get("valueQuantity").is_some()
}

/// The number and unit of a quantity, when it counts.
fn measured(quantity: &Value) -> Option<(Unit, Decimal)> {
    if quantity.get("comparator").is_some() || quantity.text("system") != Some(UCUM) {
        return None;
    }
    let code = quantity.text("code")?;
    let number = quantity.get("value")?.as_number()?;
    let value = number.parse().ok().or_else(|| Decimal::from_scientific(number).ok())?;
    Some((Unit { code: code.to_owned(), name: quantity.text("unit").unwrap_or(code).to_owned() }, value))
}
