//! The pieces of work of what gives FHIR its meaning: FHIRPath, validation, terminology.

use std::rc::Rc;

use axum::http::Method;
use fhir::Value;
use fhirpath::{Context, Expression, Item};
use profile::binding::Nobody;
use profile::{Options, Plans, base as rules, validate};

use super::Work;
use super::server::Ward;
use crate::Failure;

/// An expression that finds something in patients and in observations.
const EXPRESSION: &str = "name.where(use = 'official').given | code.coding.where(system = 'http://loinc.org').code";

/// A profile of R4's own, with slices, fixed values and invariants.
const PROFILE: &str = "http://hl7.org/fhir/StructureDefinition/vitalsigns";

/// Questions about codes that R4 brings.
const CODES: [&str; 4] = [
    "/fhir/CodeSystem/$validate-code?url=http://hl7.org/fhir/observation-status&code=final",
    "/fhir/CodeSystem/$validate-code?url=http://hl7.org/fhir/observation-status&code=unheard-of",
    "/fhir/ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/administrative-gender&system=http://hl7.org/fhir/administrative-gender&code=female",
    "/fhir/ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/observation-category&system=http://terminology.hl7.org/CodeSystem/observation-category&code=exam",
];

/// What is done with resources that are parsed: each piece once with each.
pub fn of_resources(resources: &Rc<[Value]>) -> Result<Vec<Work>, Failure> {
    let expression = Expression::parse(EXPRESSION)?;
    let observations: Rc<[Value]> = resources.iter().filter(|one| one.resource_type() == Some("Observation")).cloned().collect();
    let (plans, options) = (Plans::new(), Options::default());
    Ok(vec![
        each("fhirpath", resources, move |resource| {
            let found = expression.evaluate(&Context::new(resource), &Item::resource(resource));
            drop(found.expect("it can be evaluated"));
        }),
        each("base-rules", resources, |resource| rules::check(resource, &rules::Options::default(), &mut Vec::new())),
        each("profile", &observations, move |resource| {
            drop(validate(resource, &[PROFILE], &options, &plans, base::library(), &Nobody));
        }),
    ])
}

/// Questions of terminology, from the routes on.
pub fn of_requests(ward: &Rc<Ward>) -> Work {
    let ward = ward.clone();
    let run = move || CODES.iter().for_each(|path| ward.send(Method::GET, path, ""));
    Work { name: "validate-code", operations: CODES.len() as u64, run: Box::new(run) }
}

fn each(name: &'static str, resources: &Rc<[Value]>, mut work: impl FnMut(&Value) + 'static) -> Work {
    let resources = resources.clone();
    Work { name, operations: resources.len() as u64, run: Box::new(move || resources.iter().for_each(&mut work)) }
}
