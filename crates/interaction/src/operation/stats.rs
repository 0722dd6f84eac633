//! `Observation/$stats`: statistics of a subject's measurements (<http://hl7.org/fhir/R4/observation-operation-stats.html>).
//!
//! Values are decimals from beginning to end. Only values in UCUM units count, those with a comparator (`<5`) do not; measurements in
//! different units of one code get statistics of their own.

mod measurements;
mod question;
mod statistic;

use fhir::{Object, Value, array, object};
use store::query::Version;

use super::limits::Budget;
use super::scan::{scan, tree};
use super::{Call, Operation, Parameter, Reply, Right, Types};
use crate::{Context, Error};
use measurements::{Measurements, Series};
use question::Question;
use statistic::Statistic;

pub(super) const OPERATION: Operation = Operation {
    code: "stats",
    id: "Observation-stats",
    name: "ObservationStats",
    doc: "Answers statistics of a subject's measurements: count, average, extremes, percentiles and more, for each code.",
    is_standard: true,
    system: false,
    on_type: true,
    on_instance: false,
    on_version: false,
    types: Types::Only(&["Observation"]),
    affects_state: false,
    takes_criteria: false,
    right: Right::Named,
    parameters: &[
        Parameter::input("subject", "uri", 1, Some(1), "Whose measurements: `Patient/12`."),
        Parameter::input(
            "code",
            "string",
            0,
            None,
            "What was measured: codes of the system in `system`; the parts of a panel count each for itself.",
        ),
        Parameter::input("system", "uri", 0, Some(1), "The system of the codes."),
        Parameter::input("coding", "Coding", 0, None, "What was measured, as a Coding."),
        Parameter::input("duration", "decimal", 0, Some(1), "Only measurements of the last so many hours."),
        Parameter::input("period", "Period", 0, Some(1), "Only measurements of this period."),
        Parameter::input(
            "statistic",
            "code",
            1,
            None,
            "Which statistics: average, maximum, minimum, count, total-count, median, std-dev, sum, variance, 20-percent, 80-percent, 4-lower, 4-upper, 4-dev, 5-1, 5-2, 5-3, 5-4.",
        ),
        Parameter::input("include", "boolean", 0, Some(1), "Whether the observations themselves are answered too."),
        Parameter::input("limit", "positiveInt", 0, Some(1), "How many of them at most."),
        Parameter::output(
            "statistics",
            "Observation",
            1,
            None,
            "The statistics: an Observation for each code and unit, with a component for each statistic.",
        ),
        Parameter::output("source", "Observation", 0, None, "The observations that they are of."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// Parameters with `statistics` for each code and unit, and `source` where it is asked for.
///
/// [`Error::BadRequest`] for a statistic that the server does not have, a subject that is none of its own, and when no code is named;
/// [`Error::OperationTooLarge`] when there are more measurements than one call looks at.
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    let kind = call.place.kind().ok_or(Error::BadId)?;
    let question = Question::read(ctx, &call.arguments)?;
    let mut measurements = Measurements::new(&question.codes);
    let mut budget = Budget::new();
    let remedy = "name a shorter period or fewer codes";
    let mut sources: Vec<Version> = Vec::new();
    let mut members = Vec::new();
    let subjects = question.subjects(ctx, kind)?;
    scan(ctx, &mut budget, subjects, remedy, |version| {
        let observation = tree(&version)?;
        members.extend(measurements.add(&version.key.id, &observation));
        if sources.len() < question.sources {
            sources.push(version);
        }
        Ok(())
    })
    .await?;
    for id in members {
        budget.look(0);
        budget.check_looking(remedy)?;
        let key = store::commit::Key::new(kind, id);
        let member = ctx.store().read(ctx.tenant, &key).await?.filter(|version| version.text().is_some());
        if let Some(member) = member {
            measurements.add_member(&key.id, &tree(&member)?);
        }
    }
    let mut parameters: Vec<Value> = measurements.series().map(|series| statistics(&question, &series)).collect();
    for version in &sources {
        parameters.push(object! { "name": "source", "resource": tree(version)? });
    }
    Ok(Reply::parameters(parameters))
}

/// The Observation with the statistics of a series.
fn statistics(question: &Question, series: &Series) -> Value {
    let components: Vec<Value> = question.statistics.iter().map(|statistic| component(*statistic, series)).collect();
    let mut observation = Object::from_iter([
        ("resourceType", Value::from("Observation")),
        ("status", "final".into()),
        ("code", object! { "coding": array![series.code.clone()] }),
        ("subject", object! { "reference": question.subject.as_str() }),
    ]);
    if let Some(period) = &question.period {
        observation.push("effectivePeriod", period.clone());
    }
    observation.push("component", components);
    object! { "name": "statistics", "resource": observation }
}

fn component(statistic: Statistic, series: &Series) -> Value {
    let (code, display) = statistic.code();
    let coding = object! { "system": "http://terminology.hl7.org/CodeSystem/observation-statistics", "code": code, "display": display };
    let code = object! { "coding": array![coding] };
    let Some(value) = statistic.of(series) else {
        let reason = object! { "system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "not-applicable" };
        return object! { "code": code, "dataAbsentReason": object! { "coding": array![reason] } };
    };
    let mut quantity = Object::from_iter([("value", Value::Number(value.to_string().into()))]);
    if let Some(unit) = series.unit.as_ref().filter(|_| !statistic.is_count()) {
        quantity.push("unit", unit.name.as_str());
        quantity.push("system", measurements::UCUM);
        quantity.push("code", unit.code.as_str());
    }
    object! { "code": code, "valueQuantity": quantity }
}
