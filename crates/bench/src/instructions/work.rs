//! The pieces of work.

use std::rc::Rc;

use axum::http::Method;
use fhir::Value;
use fhir::definitions::ResourceType;
use interaction::prepare::{Rules, prepare};
use store::Commit;
use store::commit::Key;

use super::server::{TENANT, Ward};
use super::{Work, meaning};
use crate::{Failure, hospital};

/// How many patients the hospital has.
const PATIENTS: u32 = 4;

/// The types that the store has beforehand: what observations refer to, and these.
const STORED: [&str; 8] = ["Patient", "Practitioner", "Organization", "Device", "Encounter", "ServiceRequest", "Specimen", "Observation"];

/// How many resources are parsed, checked and so on.
const RESOURCES: usize = 60;

/// How many requests are sent, and how many resources a commit has.
const REQUESTS: usize = 25;

const BASE_URL: &str = "http://localhost/fhir";

/// All of it, in the order in which it is done.
pub fn all() -> Result<Vec<Work>, Failure> {
    let ward = Rc::new(Ward::open()?);
    let of_type = |resource: &Value| resource.resource_type().is_some_and(|kind| STORED.contains(&kind));
    let resources: Rc<[Value]> = hospital::stream(PATIENTS).filter(of_type).collect();
    ward.commit(put_all(&ward, &resources)?);
    let observations: Rc<[Value]> = hospital::of_type(&resources, "Observation").cloned().collect();
    let some: Rc<[Value]> = hospital::of_type(&resources, "Patient").chain(observations.iter()).take(RESOURCES).cloned().collect();
    let mut work = of_resources(&ward, &some);
    work.extend(of_requests(&ward, &observations));
    work.push(of_commits(&ward, &observations)?);
    work.extend(meaning::of_resources(&some)?);
    work.push(meaning::of_requests(&ward));
    Ok(work)
}

/// What is done with one resource, without a store.
fn of_resources(ward: &Rc<Ward>, resources: &Rc<[Value]>) -> Vec<Work> {
    let texts: Vec<String> = resources.iter().map(fhir::json::to_string).collect();
    let each = |name, mut work: Box<dyn FnMut(&Value)>| {
        let resources = resources.clone();
        let run = Box::new(move || resources.iter().for_each(&mut *work));
        Work { name, operations: RESOURCES as u64, run }
    };
    let again: Vec<String> = texts.iter().chain(texts.iter().step_by(10)).cloned().collect();
    let parsing = |texts: Vec<String>| move || texts.iter().for_each(|text| drop(fhir::json::parse(text.as_bytes()).expect("JSON")));
    let (registry, preparing) = (ward.registry.clone(), Rules::of_structure(ward.registry.clone()));
    vec![
        Work { name: "parse-json", operations: RESOURCES as u64, run: Box::new(parsing(texts)) },
        // A tenth too much: whoever compares the counts has to see it.
        Work { name: "planted-in-parse-json", operations: RESOURCES as u64, run: Box::new(parsing(again)) },
        each("write-json", Box::new(|resource| drop(fhir::json::to_string(resource)))),
        each("check-structure", Box::new(|resource| drop(fhir::check::check(resource)))),
        each("extract-entries", Box::new(move |resource| drop(registry.extract(kind(resource), resource)))),
        each("prepare", Box::new(move |resource| drop(prepare(&preparing, BASE_URL, resource, key(resource)).expect("it can be stored")))),
    ]
}

/// Whole requests, from the routes to the store and back.
fn of_requests(ward: &Rc<Ward>, observations: &Rc<[Value]>) -> Vec<Work> {
    let some: Rc<[Value]> = observations.iter().step_by(observations.len() / REQUESTS).take(REQUESTS).cloned().collect();
    let of = |name, method: Method, path: fn(&Value) -> String, body: fn(&Value) -> String| {
        let requests: Vec<(String, String)> = some.iter().map(|one| (path(one), body(one))).collect();
        let ward = ward.clone();
        let run = Box::new(move || requests.iter().for_each(|(path, body)| ward.send(method.clone(), path, body)));
        Work { name, operations: REQUESTS as u64, run }
    };
    let by_id = |one: &Value| format!("/fhir/Observation/{}", hospital::id(one));
    let by_code = |one: &Value| {
        let (patient, code) = (hospital::patient(one).unwrap_or_default(), hospital::code(one).unwrap_or_default());
        format!("/fhir/Observation?patient={patient}&code={code}&_sort=-date&_count=20")
    };
    let nothing = |_: &Value| String::new();
    vec![
        of("read", Method::GET, by_id, nothing),
        of("search-patient-code", Method::GET, by_code, nothing),
        of("create", Method::POST, |_| "/fhir/Observation".to_owned(), hospital::without_id),
        of("update", Method::PUT, by_id, fhir::json::to_string),
    ]
}

/// Lines of an import: parsed, prepared, and written in one commit.
fn of_commits(ward: &Rc<Ward>, observations: &[Value]) -> Result<Work, Failure> {
    let lines: Vec<String> = observations.iter().take(RESOURCES).map(fhir::json::to_string).collect();
    let ward = ward.clone();
    let run = move || {
        let resources: Vec<Value> = lines.iter().map(|line| fhir::json::parse(line.as_bytes()).expect("JSON")).collect();
        ward.commit(put_all(&ward, &resources).expect("they can be stored"));
    };
    Ok(Work { name: "import-lines", operations: RESOURCES as u64, run: Box::new(run) })
}

fn put_all(ward: &Ward, resources: &[Value]) -> Result<Commit, Failure> {
    let mut commit = Commit::new(TENANT, "bench", "measure");
    let rules = Rules::of_structure(ward.registry.clone());
    for resource in resources {
        let prepared = prepare(&rules, BASE_URL, resource, key(resource));
        commit.put.push(prepared.map_err(|error| format!("{:?}", error.outcome().issues))?.put);
    }
    Ok(commit)
}

fn kind(resource: &Value) -> ResourceType {
    resource.resource_type().and_then(ResourceType::parse).expect("a resource has a type")
}

fn key(resource: &Value) -> Key {
    Key::new(kind(resource), hospital::id(resource))
}
