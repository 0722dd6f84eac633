//! A source of resources in memory, with a search that compares one member, and a note of how often it was asked.

use std::sync::atomic::{AtomicUsize, Ordering};

use fhir::{Issue, IssueCode, Object, Value, json};
use graphql::{Answer, Dialect, Found, Limits, Page, Pages, Pending, Request, Root, Search, Source, execute};

/// Resources, and how often they were asked for.
#[derive(Default)]
pub(crate) struct Folder {
    pub(crate) resources: Vec<Value>,
    pub(crate) reads: AtomicUsize,
    pub(crate) searches: AtomicUsize,
    /// What all searches give that are not for those that refer to a resource.
    pub(crate) page: Option<Page>,
}

impl Folder {
    pub(crate) fn of(resources: &[&str]) -> Self {
        let resources = resources.iter().map(|text| json::parse(text.as_bytes()).expect("JSON")).collect();
        Self { resources, ..Self::default() }
    }

    /// The resource `Type/id`.
    pub(crate) fn get(&self, reference: &str) -> Option<&Value> {
        let (kind, id) = reference.split_once('/')?;
        self.resources.iter().find(|resource| resource.resource_type() == Some(kind) && resource.text("id") == Some(id))
    }

    /// The answer to a query on all resources, in FHIR's dialect.
    pub(crate) fn ask(&self, query: &str) -> Answer {
        self.answer(&Request::new(query), &Root::System, Dialect::Fhir, &Limits::default())
    }

    /// The answer to a query on one resource.
    pub(crate) fn ask_of(&self, reference: &str, query: &str) -> Answer {
        let root = Root::Resource(self.get(reference).expect("a resource").clone());
        self.answer(&Request::new(query), &root, Dialect::Fhir, &Limits::default())
    }

    pub(crate) fn answer(&self, request: &Request, root: &Root, dialect: Dialect, limits: &Limits) -> Answer {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(execute(self, request, root, dialect, limits)).expect("a folder does not fail")
    }

    fn found(&self, search: &Search) -> Result<Page, Issue> {
        let mut matches = Vec::new();
        for resource in self.resources.iter().filter(|resource| resource.resource_type() == Some(search.kind.name())) {
            let mut passes = true;
            for (name, value) in &search.parameters {
                passes &= passes_one(resource, name, value)?;
            }
            if passes {
                matches.push(Found { resource: resource.clone(), mode: Some("match"), score: None });
            }
        }
        let count = search.count.unwrap_or(20);
        let more = matches.len() > count as usize;
        let total = search.total.then_some(matches.len() as u64);
        matches.truncate(count as usize);
        Ok(Page { matches, total, offset: Some(0), size: count, next: more.then(|| "next".to_owned()), ..Page::default() })
    }
}

/// Searches know `active`, `gender`, `_id`, and `patient` as a reference.
fn passes_one(resource: &Value, name: &str, value: &str) -> Result<bool, Issue> {
    // Alternatives have commas between them, and one within a value is escaped.
    let alternatives = value.replace("\\,", "\u{0}");
    let any = |found: &str| alternatives.split(',').any(|wanted| wanted.replace('\u{0}', ",") == found);
    match name {
        "active" => Ok(resource.get("active").and_then(Value::as_bool).is_some_and(|truth| any(&truth.to_string()))),
        "gender" | "general-name" => Ok(resource.text("gender").is_some_and(any)),
        "_id" => Ok(resource.text("id").is_some_and(any)),
        "patient" => Ok(resource.get("subject").and_then(|subject| subject.text("reference")).is_some_and(any)),
        _ => Err(Issue::error(300, IssueCode::NotSupported, "", format!("unknown parameter {name}"))),
    }
}

impl Source for Folder {
    type Failure = std::convert::Infallible;

    fn read<'a>(&'a self, references: &'a [String]) -> Pending<'a, Result<Vec<Option<Value>>, Self::Failure>> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move { Ok(references.iter().map(|reference| self.get(reference).cloned()).collect()) })
    }

    fn search<'a>(&'a self, searches: &'a [Search]) -> Pending<'a, Result<Pages, Self::Failure>> {
        self.searches.fetch_add(1, Ordering::Relaxed);
        let page = |search: &Search| match (&self.page, search.count) {
            (Some(page), None) => Ok(page.clone()),
            (Some(page), Some(_)) if search.parameters.iter().all(|(name, _)| name != "patient") => Ok(Page { next: None, ..page.clone() }),
            _ => self.found(search),
        };
        Box::pin(async move { Ok(searches.iter().map(page).collect()) })
    }
}

/// Expects data and no error, equal to this JSON.
#[track_caller]
pub(crate) fn assert_data(answer: &Answer, expected: &str) {
    let errors: Vec<_> = answer.errors.iter().map(|error| error.issue.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let expected = json::parse(expected.as_bytes()).expect("JSON");
    assert_eq!(json::to_string(answer.data.as_ref().expect("data")), json::to_string(&expected));
}

/// Expects an error of this number whose message has this in it.
#[track_caller]
pub(crate) fn assert_error(answer: &Answer, number: u16, part: &str) {
    let errors: Vec<_> = answer.errors.iter().map(|error| error.issue.to_string()).collect();
    let found = answer.errors.iter().any(|error| error.issue.number == number && error.issue.diagnostics.contains(part));
    assert!(found, "WARD-{number:04} with {part:?} is not in {errors:?}");
}

/// Two patients, a group of readings and a condition of the first.
pub(crate) fn ward() -> Folder {
    Folder::of(&[
        r##"{"resourceType":"Patient","id":"p1","active":true,"gender":"male","birthDate":"1974-12-25","_birthDate":{"extension":[{"url":"http://x/time","valueDateTime":"1974-12-25T14:35:45-05:00"}]},
            "identifier":[{"system":"urn:a","value":"12345"}],
            "name":[{"use":"official","family":"Chalmers","given":["Peter","James"]},{"use":"usual","given":["Jim"]},{"use":"maiden","family":"Windsor","given":["Peter",null],"_given":[null,{"extension":[{"url":"http://x/absent","valueCode":"masked"}]}]}],
            "contact":[{"name":{"family":"du Marché"}}],"managingOrganization":{"reference":"#org"},
            "generalPractitioner":[{"reference":"Practitioner/d1"},{"reference":"Organization/o1"}],
            "contained":[{"resourceType":"Organization","id":"org","name":"Inside"}]}"##,
        r#"{"resourceType":"Patient","id":"p2","active":true,"gender":"female","generalPractitioner":[{"reference":"Practitioner/d1"}]}"#,
        r#"{"resourceType":"Patient","id":"p3","active":false,"gender":"female","generalPractitioner":[{"reference":"Practitioner/gone"},{"display":"Somebody"}]}"#,
        r#"{"resourceType":"Practitioner","id":"d1","active":true,"qualification":[{"code":{"text":"MD"},"issuer":{"reference":"Organization/o1"}}]}"#,
        r#"{"resourceType":"Organization","id":"o1","name":"Clinic"}"#,
        r#"{"resourceType":"Observation","id":"b1","status":"final","code":{"text":"weight"},"subject":{"reference":"Patient/p1"},"valueQuantity":{"value":185.0,"unit":"lbs"}}"#,
        r#"{"resourceType":"Observation","id":"b2","status":"final","code":{"text":"note"},"subject":{"reference":"Patient/p1"},"valueString":"fine"}"#,
        r#"{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"}}"#,
    ])
}

/// An object of one variable.
pub(crate) fn variable(name: &str, value: impl Into<Value>) -> Object {
    Object::from_iter([(name.to_owned(), value.into())])
}
