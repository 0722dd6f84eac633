//! `List/$find`: the current list of a patient for a purpose (<http://hl7.org/fhir/R4/list-operation-find.html>,
//! <http://hl7.org/fhir/R4/lifecycle.html#lists>).

use fhir::definitions::ResourceType;
use store::commit::Key;
use store::entry::Param;
use store::query::{Filter, Query, Test};

use super::{Call, Operation, Parameter, Reply, Right, Types};
use crate::{Context, Error, ReadRequest, read};

pub(super) const OPERATION: Operation = Operation {
    code: "find",
    id: "List-find",
    name: "ListFind",
    doc: "Answers the current list of a patient for a purpose: of problems, medications, allergies, or one with a code of your own.",
    is_standard: true,
    system: false,
    on_type: true,
    on_instance: false,
    on_version: false,
    types: Types::Only(&["List"]),
    affects_state: false,
    takes_criteria: false,
    right: Right::Resources,
    parameters: &[
        Parameter::input("patient", "id", 1, Some(1), "The id of the patient."),
        Parameter::input("name", "code", 1, Some(1), "The name of the list, such as `$current-problems`."),
        Parameter::output("return", "List", 1, Some(1), "The list."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// FHIR's names of functional lists, and the code that HL7's example codes have for such a list.
const FUNCTIONAL: [(&str, &str); 4] = [
    ("$current-problems", "problems"),
    ("$current-medications", "medications"),
    ("$current-allergies", "allergies"),
    ("$current-drug-allergies", "adverserxns"),
];

/// Of the code system of [`FUNCTIONAL`].
const EXAMPLE_CODES: &str = "http://terminology.hl7.org/CodeSystem/list-example-use-codes";

/// The newest List that is about the patient, is current, is kept up to date (mode `working`), and whose code is the name that was
/// asked for (in any system) or, for one of FHIR's names, what HL7's example codes call such a list.
///
/// [`Error::NoSuchList`] when there is none, [`Error::NotFound`] and [`Error::Deleted`] for the patient.
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    let kind = call.place.kind().ok_or(Error::BadId)?;
    let patient = ResourceType::parse("Patient").ok_or(Error::BadId)?;
    let key = Key::new(patient, call.arguments.text("patient").unwrap_or_default());
    let name = call.arguments.text("name").unwrap_or_default();
    read(ctx, ReadRequest { key: key.clone() }).await?;
    let param = |code: &str| Param::of(kind.name(), code);
    let token = |code: &str, system: Option<&str>, value: &str| {
        Filter::Match(param(code), Test::Token { system: system.map(Into::into), code: Some(value.into()) })
    };
    // Codes of this parameter are compared without case, and kept so.
    let mut codes = vec![token("code", None, &name.to_lowercase())];
    let functional = FUNCTIONAL.iter().find(|(known, _)| *known == name || known.trim_start_matches('$') == name);
    codes.extend(functional.map(|(_, code)| token("code", Some(EXAMPLE_CODES), code)));
    codes.extend(functional.map(|(known, _)| token("code", None, known)));
    let about = Filter::Match(param("subject"), Test::Local(key.to_string().into()));
    let filter = Filter::All(vec![about, token("status", None, "current"), Filter::Any(codes)]);
    let query = Query { count: 100, ..Query::new(ctx.tenant, kind, filter) };
    for version in ctx.store().search(&query).await?.matches {
        let is_working = super::scan::tree(&version)?.text("mode") == Some("working");
        if let Some(text) = version.text().filter(|_| is_working) {
            return Ok(Reply::text(text.clone()).at_version(version.version, version.last_updated));
        }
    }
    Err(Error::NoSuchList(key))
}
