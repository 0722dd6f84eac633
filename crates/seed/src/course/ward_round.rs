//! What happens on every ward: vital signs each four hours, prophylaxis, pain relief.

use crate::chart::{Chart, Regimen, Visit, Vitals};
use crate::coding::Coding;
use crate::house::formulary::Drug;
use crate::measure::vital;
use crate::moment::Moment;

/// The hours between two rounds.
const ROUND_HOURS: i64 = 4;

/// Writes a vitals chart with a round each four hours, from the beginning of a stay to its end or now. What is measured goes from
/// `ill` to `well` in about `days` days.
pub(super) fn vitals_chart(chart: &mut Chart, visit: &Visit, ill: Vitals, well: Vitals, days: i64) {
    let until = visit.end.unwrap_or(chart.house.now()).min(chart.house.now());
    let steps = days * 24 / ROUND_HOURS;
    let (mut at, mut step) = (visit.start.plus_minutes(20), 0);
    while at < until {
        chart.vitals(visit, between(ill, well, step, steps), at);
        (at, step) = (at.plus_hours(ROUND_HOURS), step + 1);
    }
}

/// What lies between two states at this step of `steps`.
fn between(ill: Vitals, well: Vitals, step: i64, steps: i64) -> Vitals {
    let at = |from: i64, to: i64| super::eased(from, to, step.max(0) as usize, steps.max(1) as usize);
    Vitals {
        heart_rate: at(ill.heart_rate, well.heart_rate),
        systolic: at(ill.systolic, well.systolic),
        diastolic: at(ill.diastolic, well.diastolic),
        temperature: at(ill.temperature, well.temperature),
        respiratory_rate: at(ill.respiratory_rate, well.respiratory_rate),
        saturation: at(ill.saturation, well.saturation),
    }
}

/// The last moment of a stay about which something can be written.
pub(super) fn last_moment(chart: &Chart, visit: &Visit) -> Moment {
    visit.end.unwrap_or(chart.house.now()).min(chart.house.now())
}

/// Whether this moment of a stay has come.
pub(super) fn has_come(chart: &Chart, visit: &Visit, at: Moment) -> bool {
    at < last_moment(chart, visit)
}

/// An injection against clots each evening.
pub(super) fn prevent_clots(chart: &mut Chart, visit: &Visit, reason: Coding) {
    let regimen = Regimen { drug: Drug::Enoxaparin, times_a_day: 1, days: Some(10), reason };
    let until = last_moment(chart, visit);
    chart.give_on_ward(visit, &regimen, visit.start.at(20, 0).max(visit.start), until, 24);
}

/// Pain, asked for twice a day: from `begin` to nearly none.
pub(super) fn pain_scores(chart: &mut Chart, visit: &Visit, from: Moment, begin: i64) {
    let (until, mut at, mut score) = (last_moment(chart, visit), from, begin);
    while at < until {
        let felt = chart.random.around(score, 1).max(0);
        chart.score(visit, &vital::PAIN, felt, at);
        (at, score) = (at.plus_hours(12), (score - 1).max(1));
    }
}
