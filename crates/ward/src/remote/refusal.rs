//! Why a server refused a request: what its OperationOutcome says.

use std::fmt;

use fhir::Value;
use http::StatusCode;

/// A refusal.
#[derive(Debug)]
pub struct Refusal {
    /// The status.
    pub status: StatusCode,
    issues: Vec<Issue>,
}

/// An issue of the OperationOutcome, as text.
#[derive(Debug)]
struct Issue {
    code: String,
    /// The element that it is about; below an entry of a transaction, from its resource on.
    place: String,
    /// The entry of the transaction that it is about.
    entry: Option<usize>,
    what: String,
}

impl Refusal {
    /// Reads the body of an answer. One that is no OperationOutcome leaves the status alone to speak.
    pub fn read(status: StatusCode, body: &[u8]) -> Self {
        let outcome = fhir::json::parse(body).unwrap_or(Value::Null);
        let issues: Vec<Issue> = match outcome.resource_type() {
            Some("OperationOutcome") => outcome.list("issue").filter(|issue| is_error(issue)).map(Issue::read).collect(),
            _ => Vec::new(),
        };
        Self { status, issues }
    }

    /// Whether it says anything about the entry of this index.
    pub fn names(&self, entry: usize) -> bool {
        self.issues.iter().any(|issue| issue.entry == Some(entry))
    }

    /// What it says about the entry of this index, a resource of type `kind`; about the whole, when it says nothing of the entry.
    pub fn about(&self, entry: usize, kind: &str) -> Vec<String> {
        let own: Vec<String> = self.issues.iter().filter(|issue| issue.entry == Some(entry)).map(|issue| issue.text(kind)).collect();
        if !own.is_empty() {
            return own;
        }
        match self.issues.iter().find(|issue| issue.entry.is_none()) {
            Some(issue) => vec![issue.text("")],
            None => vec![format!("the server refused what it belongs to: {self}")],
        }
    }
}

impl Refusal {
    /// Everything that it says, a line for each issue.
    pub fn lines(&self) -> Vec<String> {
        match self.issues.is_empty() {
            true => vec![self.to_string()],
            false => self.issues.iter().map(|issue| issue.text("")).collect(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.issues.first() {
            Some(issue) => f.write_str(&issue.text("resource")),
            None => write!(f, "it answered {} without an OperationOutcome", self.status),
        }
    }
}

impl Issue {
    fn read(issue: &Value) -> Self {
        let details = issue.get("details");
        let code = details.and_then(|details| details.list("coding").next()?.text("code"));
        let what = issue.text("diagnostics").or_else(|| details?.text("text"));
        let expression = issue.list("expression").next().and_then(Value::as_str).unwrap_or_default();
        let (entry, place) = match split_entry(expression) {
            Some((entry, place)) => (Some(entry), place),
            None => (None, expression),
        };
        Self {
            code: code.or(issue.text("code")).unwrap_or("error").to_owned(),
            place: place.to_owned(),
            entry,
            what: what.unwrap_or("the server gives no reason").to_owned(),
        }
    }

    /// `WARD-0411: Observation.subject.reference: Patient/12 does not exist …`.
    fn text(&self, kind: &str) -> String {
        let Self { code, place, entry, what } = self;
        match (entry, place.as_str()) {
            (None, "") => format!("{code}: {what}"),
            (None, place) => format!("{code}: {place}: {what}"),
            (Some(_), place) => format!("{code}: {kind}{place}: {what}"),
        }
    }
}

fn is_error(issue: &Value) -> bool {
    matches!(issue.text("severity"), Some("error" | "fatal"))
}

/// `Bundle.entry[3].resource.subject` is about entry 3 and its element `.subject`.
fn split_entry(expression: &str) -> Option<(usize, &str)> {
    let (index, rest) = expression.strip_prefix("Bundle.entry[")?.split_once(']')?;
    Some((index.parse().ok()?, rest.strip_prefix(".resource").unwrap_or(rest)))
}
