//! Terminology: `memberOf`, `subsumes`, `subsumedBy`.

use fhir::Value;
use fhir::definitions::definitions;

use super::Call;
use crate::error::Result;
use crate::evaluate::single;
use crate::item::{Collection, Item};

/// A code and its system.
struct Coded<'i> {
    system: Option<&'i str>,
    code: &'i str,
}

/// The codes of a `code`, `Coding` or `CodeableConcept`; `None` for anything else.
fn codes<'i>(item: &'i Item<'_>, text: &'i Option<std::borrow::Cow<'_, str>>) -> Option<Vec<Coded<'i>>> {
    let coded = |coding: &'i Value| Some(Coded { system: coding.text("system"), code: coding.text("code")? });
    match (item.type_name(), item.value()) {
        ("Coding", Some(value)) => Some(coded(value).into_iter().collect()),
        ("CodeableConcept", Some(value)) => Some(value.list("coding").filter_map(coded).collect()),
        _ => text.as_deref().map(|code| vec![Coded { system: None, code }]),
    }
}

/// Whether one of the codes of the input is in a value set; empty when nobody knows.
pub(super) fn member_of<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let ([item], Some(url)) = (call.focus, call.text_argument(0)?) else { return Ok(Collection::new()) };
    let text = item.as_string();
    let Some(codes) = codes(item, &text) else { return Err(call.wrong_input(item)) };
    let mut answer = Some(false);
    for coded in codes {
        match is_member(call, &url, &coded) {
            Some(true) => return call.one(true),
            Some(false) => {}
            None => answer = None,
        }
    }
    call.optional(answer)
}

fn is_member(call: &Call<'_, '_>, url: &str, coded: &Coded<'_>) -> Option<bool> {
    if let Some(terminology) = call.evaluator.context.terminology {
        return terminology.member_of(url, coded.system, coded.code);
    }
    let value_set = definitions().value_set(url.split('|').next().unwrap_or(url))?;
    value_set.is_enumerable().then(|| value_set.contains(coded.system, coded.code))
}

pub(super) fn subsumes<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    related(call, false)
}

pub(super) fn subsumed_by<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    related(call, true)
}

/// Whether a code of the input subsumes one of the argument's, or the other way round.
fn related<'a>(call: &Call<'_, 'a>, reversed: bool) -> Result<Collection<'a>> {
    let other = call.argument(0)?;
    let other = single(call.at, format_args!("the argument of {}()", call.function.name), &other)?;
    let (Some(left), Some(right)) = (call.single()?, other) else { return Ok(Collection::new()) };
    let (left, right) = if reversed { (right, left) } else { (left, right) };
    let (Some(left_codes), Some(right_codes)) = (codes(left, &None), codes(right, &None)) else {
        return call.fail(&format!("{}() works on Coding and CodeableConcept", call.function.name));
    };
    let mut answer = Some(false);
    for (left, right) in left_codes.iter().flat_map(|left| right_codes.iter().map(move |right| (left, right))) {
        match subsumption(call, left, right) {
            Some(true) => return call.one(true),
            Some(false) => {}
            None => answer = None,
        }
    }
    call.optional(answer)
}

fn subsumption(call: &Call<'_, '_>, left: &Coded<'_>, right: &Coded<'_>) -> Option<bool> {
    let system = left.system?;
    if right.system != Some(system) {
        return Some(false);
    }
    match call.evaluator.context.terminology {
        Some(terminology) => terminology.subsumes(system, left.code, right.code),
        None => (left.code == right.code).then_some(true),
    }
}
