//! What is asked: whose measurements, of what, when, and which statistics.

use ::search::{NoCodeSets, parse_filter};
use fhir::definitions::ResourceType;
use fhir::primitive::{Temporal, instant_text};
use fhir::{Issue, IssueCode, Value, object};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use store::query::Subject;

use super::statistic::Statistic;
use crate::operation::Arguments;
use crate::operation::limits::MAX_ANSWER_ROWS;
use crate::references::{Target, target};
use crate::{Context, Error, codes};

/// What is asked.
pub(super) struct Question {
    /// `Patient/12`.
    pub(super) subject: String,
    /// Codings.
    pub(super) codes: Vec<Value>,
    pub(super) statistics: Vec<Statistic>,
    /// A Period.
    pub(super) period: Option<Value>,
    /// How many observations are to be answered beside.
    pub(super) sources: usize,
}

impl Question {
    /// Reads the arguments. [`Error::BadRequest`] says what is wrong with them, all at once.
    pub(super) fn read(ctx: &Context, arguments: &Arguments) -> Result<Self, Error> {
        let mut issues = Vec::new();
        let mut bad = |number, code, rule: String| issues.push(Issue::error(number, code, "", rule));
        let subject = match target(arguments.text("subject").unwrap_or_default(), &ctx.base_url) {
            Target::Local(key) => key.to_string(),
            _ => {
                bad(codes::BAD_OPERATION_PARAMETER, IssueCode::Value, "`subject` is a resource of this server: Patient/12".to_owned());
                String::new()
            }
        };
        let asked = codings(arguments);
        if asked.is_empty() {
            bad(codes::OPERATION_PARAMETER_MISSING, IssueCode::Required, "$stats needs `code` with `system`, or `coding`".to_owned());
        }
        let mut statistics = Vec::new();
        for name in arguments.all("statistic").filter_map(Value::as_str).flat_map(|list| list.split(',')) {
            match Statistic::parse(name) {
                Some(statistic) => statistics.push(statistic),
                None => {
                    let rule = format!("`statistic` is one of {}", Statistic::names().collect::<Vec<_>>().join(", "));
                    bad(codes::BAD_OPERATION_PARAMETER, IssueCode::NotSupported, rule);
                }
            }
        }
        if arguments.one("duration").is_some() && arguments.one("period").is_some() {
            bad(codes::BAD_OPERATION_PARAMETER, IssueCode::Invalid, "`duration` and `period` contradict each other: give one".to_owned());
        }
        let period = arguments.one("period").cloned().or_else(|| last_hours(ctx, arguments));
        if arguments.one("duration").is_some() && period.is_none() {
            bad(codes::BAD_OPERATION_PARAMETER, IssueCode::Value, "`duration` is a number of hours from 0 to 10000000".to_owned());
        }
        let limit = arguments.number("limit").map_or(MAX_ANSWER_ROWS, |limit| (limit as usize).min(MAX_ANSWER_ROWS));
        let sources = if arguments.truth("include") == Some(true) { limit } else { 0 };
        if issues.is_empty() { Ok(Self { subject, codes: asked, statistics, period, sources }) } else { Err(Error::BadRequest(issues)) }
    }

    /// The observations that it is about, as a search: all but those entered in error.
    pub(super) fn subjects(&self, ctx: &Context, kind: ResourceType) -> Result<Vec<Subject>, Error> {
        let codes: Vec<String> = self.codes.iter().map(criterion).collect();
        let mut params = vec![
            ("subject".to_owned(), self.subject.clone()),
            ("combo-code".to_owned(), codes.join(",")),
            ("status:not".to_owned(), "entered-in-error".to_owned()),
        ];
        let bound = |name: &str| self.period.as_ref().and_then(|period| period.text(name));
        params.extend(bound("start").map(|start| ("date".to_owned(), format!("ge{start}"))));
        params.extend(bound("end").map(|end| ("date".to_owned(), format!("le{end}"))));
        let context = ctx.search_context(false, &NoCodeSets);
        let filter = parse_filter(&ctx.server.registry(), &context, kind, &params).map_err(Error::BadRequest)?;
        Ok(vec![Subject { kind, filter }])
    }
}

fn codings(arguments: &Arguments) -> Vec<Value> {
    let system = arguments.text("system");
    let of_code = |code: &Value| match (code.as_str()?, system) {
        (code, Some(system)) => Some(object! { "system": system, "code": code }),
        (code, None) => Some(object! { "code": code }),
    };
    let mut codings: Vec<Value> = arguments.all("code").filter_map(of_code).collect();
    codings.extend(arguments.all("coding").filter(|coding| coding.get("code").is_some()).cloned());
    codings
}

/// A coding as a search writes it, what it means for a search escaped.
fn criterion(coding: &Value) -> String {
    let escaped = |text: &str| {
        let letter = |letter: char| if r"\,|$".contains(letter) { format!(r"\{letter}") } else { letter.to_string() };
        text.chars().map(letter).collect::<String>()
    };
    let code = escaped(coding.text("code").unwrap_or_default());
    coding.text("system").map_or(code.clone(), |system| format!("{}|{code}", escaped(system)))
}

/// The period of so many hours up to now.
fn last_hours(ctx: &Context, arguments: &Arguments) -> Option<Value> {
    let text = arguments.one("duration")?.as_number()?;
    let hours = text.parse::<Decimal>().or_else(|_| Decimal::from_scientific(text)).ok()?;
    let ms = hours.checked_mul(Decimal::from(3_600_000))?.to_i64().filter(|ms| (0..=36_000_000_000_000).contains(ms))?;
    let now = ctx.now();
    let start = instant_text(now.checked_sub(ms)?);
    // A year that FHIR cannot write is no start.
    Temporal::parse(&start).map(|_| object! { "start": start, "end": instant_text(now) })
}
