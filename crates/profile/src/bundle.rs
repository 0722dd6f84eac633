//! What FHIR asks of a Bundle as a whole (<http://hl7.org/fhir/R4/bundle.html>): the identities of its entries, what each kind of Bundle must
//! and must not have, and that references lead to what must be in it. The invariants bdl-1 to bdl-12 are judged with all others in [`crate::base`].

mod document;
mod identity;
mod kind;
mod links;
mod message;
mod reachable;
mod references;
mod requests;
mod resolve;
mod searchset;

use fhir::{Issue, IssueCode, Severity, Value};

use kind::Kind;
use resolve::Index;

/// How many issues are reported at most.
const MAX_ISSUES: usize = 100;

/// Adds an issue for each rule of Bundles that is broken, at most 100; `place` is the FHIRPath of the Bundle.
///
/// Entries are not judged themselves. Time grows with the size of the Bundle.
pub fn check(bundle: &Value, place: &str, issues: &mut Vec<Issue>) {
    let Some(kind) = bundle.text("type").and_then(Kind::parse) else { return };
    let entries: Vec<&Value> = bundle.list("entry").collect();
    let mut judge = Judge { kind, place, room: issues.len() + MAX_ISSUES, issues };
    let index = Index::new(&entries);
    links::check(&mut judge, bundle);
    identity::check(&mut judge, &entries);
    match kind {
        Kind::Document => document::check(&mut judge, &index),
        Kind::Message => message::check(&mut judge, &index),
        Kind::Batch | Kind::Transaction | Kind::History => requests::check(&mut judge, &entries),
        Kind::Searchset => searchset::check(&mut judge, bundle, &entries),
        Kind::BatchResponse | Kind::TransactionResponse | Kind::Collection => {}
    }
}

/// Who collects what is wrong with a Bundle.
struct Judge<'j> {
    kind: Kind,
    place: &'j str,
    issues: &'j mut Vec<Issue>,
    room: usize,
}

impl Judge<'_> {
    /// An error at `way` below the Bundle: `entry[0].fullUrl`.
    fn error(&mut self, number: u16, way: &str, text: impl Into<String>) {
        self.report(number, Severity::Error, way, text);
    }

    fn warning(&mut self, number: u16, way: &str, text: impl Into<String>) {
        self.report(number, Severity::Warning, way, text);
    }

    fn report(&mut self, number: u16, severity: Severity, way: &str, text: impl Into<String>) {
        if self.issues.len() < self.room {
            let place = if way.is_empty() { self.place.to_owned() } else { format!("{}.{way}", self.place) };
            self.issues.push(Issue::error(number, IssueCode::BusinessRule, place, text).with_severity(severity));
        }
    }
}
