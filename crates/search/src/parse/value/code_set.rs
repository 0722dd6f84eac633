//! `:in`, `:not-in`, `:below` and `:above` of codes: as sets of tokens.

use fhir::{Issue, IssueCode};
use store::query::Test;

use super::Values;
use crate::code_set::{CodeSet, NoTokens, SetOf};
use crate::codes;
use crate::parse::clause::plain;
use crate::parse::escape::split;
use crate::parse::shortened;
use crate::reference::{Place, place};
use crate::registry::support::Modifier;

/// The test of a value set's address, or of `system|code`.
pub(super) fn test(values: &Values<'_>, value: &str) -> Result<Test, Issue> {
    let of = match values.asked.modifier {
        Some(Modifier::Below) => code(values, value).map(|(system, code)| SetOf::Below { system, code })?,
        Some(Modifier::Above) => code(values, value).map(|(system, code)| SetOf::Above { system, code })?,
        _ => value_set(values, value)?,
    };
    let asked = CodeSet { of, folds_case: values.parameter.folds_case };
    values.context.code_sets.tokens(&asked).map(Test::AmongTokens).map_err(|why| refused(values, why))
}

/// `http://…`, with `|version` or without; `ValueSet/12`, also on this server's own base.
fn value_set(values: &Values<'_>, value: &str) -> Result<SetOf, Issue> {
    let name = &*values.parameter.code;
    let bad = || {
        let rule = "names a value set by its address, `http://…` with `|version` or without, or as `ValueSet/id` of this server";
        Issue::error(codes::BAD_URI, IssueCode::Value, "", format!(r"a value of `{name}` {rule}; a bar of the address is written `\|`"))
    };
    let (address, version) = match split(value, '|').as_slice() {
        [address] => (plain(name, address)?, None),
        [address, version] if !version.is_empty() => (plain(name, address)?, Some(plain(name, version)?)),
        _ => return Err(bad()),
    };
    let bases = values.registry.bases.iter().map(AsRef::as_ref).chain([values.context.base_url]);
    let id = match place(&address, bases) {
        Place::Local { kind, target, version: None } if kind.name() == "ValueSet" => target.split_once('/').map(|(_, id)| Box::from(id)),
        // Of a relative address nothing but a resource can be meant.
        _ if !address.contains(':') => return Err(bad()),
        _ => None,
    };
    Ok(SetOf::ValueSet { id, url: address.into(), version: version.map(Into::into) })
}

/// `system|code`.
fn code(values: &Values<'_>, value: &str) -> Result<(Box<str>, Box<str>), Issue> {
    let name = &*values.parameter.code;
    match split(value, '|').as_slice() {
        [system, code] if !system.is_empty() && !code.is_empty() => Ok((plain(name, system)?.into(), plain(name, code)?.into())),
        _ => {
            let rule = "is written `system|code`: what stands above or below a code, its system says";
            let bar = r"a bar that belongs to the code is written `\|`";
            Err(Issue::error(
                codes::BAD_TOKEN,
                IssueCode::Value,
                "",
                format!("a value of `{name}` with `:above` or `:below` {rule}; {bar}"),
            ))
        }
    }
}

fn refused(values: &Values<'_>, why: NoTokens) -> Issue {
    let modifier = values.asked.modifier.map_or("", Modifier::code);
    let name = format!("`{}:{modifier}`", values.parameter.code);
    let (number, kind, rule) = match why {
        NoTokens::NoTerminology => {
            (codes::UNSUPPORTED_MODIFIER, IssueCode::NotSupported, "needs a terminology service, and here is none".to_owned())
        }
        NoTokens::UnknownValueSet(address) => {
            let address = shortened(&address);
            let remedy = if address.contains(':') {
                "store a ValueSet with this `url` (`ward package add` brings those of a package), or correct the address"
            } else {
                "no ValueSet of this server has this id: correct it, or name the value set by its `url`"
            };
            (codes::UNKNOWN_VALUE_SET, IssueCode::NotFound, format!("needs the value set `{address}`, which is not known: {remedy}"))
        }
        NoTokens::UnknownSystem(address) => {
            let address = shortened(&address);
            let remedy = "store a CodeSystem with this `url`, or correct the address";
            (codes::UNKNOWN_CODE_SYSTEM, IssueCode::NotFound, format!("needs the code system `{address}`, which is not known: {remedy}"))
        }
        NoTokens::UnknownCode => {
            let remedy = "correct it, or ask for the code alone, without a modifier";
            (codes::UNKNOWN_CODE, IssueCode::NotFound, format!("names a code that its code system does not have: {remedy}"))
        }
        NoTokens::TooMany(most) => {
            let remedy = "ask for a smaller value set, or for the codes themselves";
            (codes::TOO_MANY_CODES, IssueCode::TooCostly, format!("stands for more than {most} codes, or for codes without end: {remedy}"))
        }
        NoTokens::Unworkable(text) => {
            (codes::UNWORKABLE_VALUE_SET, IssueCode::Processing, format!("names a value set that cannot be worked out: {text}"))
        }
    };
    Issue::error(number, kind, "", format!("{name} {rule}"))
}
