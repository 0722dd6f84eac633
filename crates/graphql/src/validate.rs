//! Whether a query can be answered, told before anything is read: all that is wrong with it, at once.
//!
//! Fragments are looked at once each, however often they are used, so that the work is bounded by the length of the query.

mod arguments;
mod directives;
mod extent;
mod selections;
mod variables;

use std::collections::{BTreeMap, BTreeSet};

use fhir::IssueCode;

use crate::codes;
use crate::error::Error;
use crate::limits::Limits;
use crate::schema::Scope;
use crate::syntax::{Document, Fragment, Operation, OperationKind, Position};

pub(crate) use arguments::{FILTERS, filter_elements, is_cursor};
pub(crate) use variables::{Variables, coerce};

/// How many errors are told at most.
const MAX_ERRORS: usize = 50;

/// The fragments of a document by their names.
pub(crate) type Fragments<'d> = BTreeMap<&'d str, &'d Fragment>;

/// What goes on while a document is checked.
pub(crate) struct Checker<'d> {
    fragments: Fragments<'d>,
    errors: Vec<Error>,
    used_fragments: BTreeSet<&'d str>,
    used_variables: BTreeMap<&'d str, Position>,
}

/// The operation that is asked for and the fragments, when the whole document can be answered.
///
/// # Errors
/// All that is wrong with it, WARD-0921 to WARD-0930, at most fifty.
pub(crate) fn validate<'d>(
    document: &'d Document,
    name: Option<&str>,
    root: &Scope,
    limits: &Limits,
) -> Result<(&'d Operation, Fragments<'d>), Vec<Error>> {
    let operation = operation(document, name).map_err(|error| vec![error])?;
    let mut checker =
        Checker { fragments: Fragments::new(), errors: Vec::new(), used_fragments: BTreeSet::new(), used_variables: BTreeMap::new() };
    for fragment in &document.fragments {
        if checker.fragments.insert(&fragment.name, fragment).is_some() {
            let message = format!("the fragment `{}` is defined twice: give each a name of its own", fragment.name);
            checker.wrong(codes::BAD_FRAGMENT, fragment.at, message);
        }
    }
    let fragments = checker.fragments.clone();
    extent::check(operation, &fragments, limits).map_err(|error| vec![error])?;
    checker.directives(&operation.directives, directives::Place::Operation);
    checker.selections(&operation.selections, root);
    for fragment in &document.fragments {
        checker.fragment(fragment);
    }
    for fragment in document.fragments.iter().filter(|_| document.operations.len() == 1) {
        if !checker.used_fragments.contains(fragment.name.as_str()) {
            let message = format!("the fragment `{}` is not used: take it out, or spread it with ...{}", fragment.name, fragment.name);
            checker.wrong(codes::BAD_FRAGMENT, fragment.at, message);
        }
    }
    checker.variables(operation, document.operations.len() == 1);
    checker.errors.truncate(MAX_ERRORS);
    if checker.errors.is_empty() { Ok((operation, fragments)) } else { Err(checker.errors) }
}

/// The operation of that name, or the only one.
fn operation<'d>(document: &'d Document, name: Option<&str>) -> Result<&'d Operation, Error> {
    let start = Position { line: 1, column: 1 };
    let missing = |message: &str| Error::new(codes::NO_SUCH_OPERATION, IssueCode::NotFound, start, message);
    let mut matching = document.operations.iter().filter(|operation| name.is_none() || operation.name.as_deref() == name);
    let found = matching.next().ok_or_else(|| missing("no operation of the document has the name that operationName asks for"))?;
    if matching.next().is_some() {
        return Err(missing(match name {
            None => "the document has several operations: say in operationName which is meant",
            Some(_) => "several operations of the document have the name that operationName asks for",
        }));
    }
    if found.kind != OperationKind::Query {
        let message = "only queries are answered: change resources with FHIR's own create, update, patch and delete, and follow them with Subscription";
        return Err(Error::new(codes::NOT_A_QUERY, IssueCode::NotSupported, found.at, message));
    }
    Ok(found)
}

impl<'d> Checker<'d> {
    fn wrong(&mut self, number: u16, at: Position, message: impl Into<String>) {
        if self.errors.len() <= MAX_ERRORS {
            self.errors.push(Error::new(number, IssueCode::Invalid, at, message));
        }
    }

    fn fragment(&mut self, fragment: &'d Fragment) {
        self.directives(&fragment.directives, directives::Place::Fragment);
        match Scope::named(&fragment.on) {
            Some(scope) => self.selections(&fragment.selections, &scope),
            None => self.unknown_type(&fragment.on, fragment.at),
        }
    }

    fn unknown_type(&mut self, name: &str, at: Position) {
        let message = format!("`{name}` is no type here{}", crate::schema::nearest_type(name));
        self.wrong(codes::BAD_TYPE, at, message);
    }
}

/// `: did you mean …?`, or nothing.
pub(crate) fn did_you_mean<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    fhir::nearest(name, known).map(|near| format!(": did you mean `{near}`?")).unwrap_or_default()
}
