//! Every operation, on every kind of place that it has, for three grants. One without a cell fails.

use access::{Act, Verdict};
use fhir::definitions::ResourceType;
use fhir::{Value, array, object};
use interaction::operation::{Operation, OperationRequest, Place, Right, TABLE, invoke};
use interaction::{Context, Returning, process};
use store::commit::Key;

use super::samples::{is_of_patients, kind};
use super::ways::Told;
use super::world::{Who, World, shared};

/// The parameters of a call, in the address and in the body.
type Given = (Vec<(&'static str, String)>, Option<Value>);

/// What a call is given that is about a resource of this id. An operation that is not here has no cell, and the test fails.
fn given(operation: &Operation, id: &str) -> Given {
    let patient = format!("Patient/{id}");
    let none = (Vec::new(), None);
    let meta = || {
        let tag = object! { "tag": array![object! { "system": "http://example.org", "code": "seen" }] };
        object! { "resourceType": "Parameters", "parameter": array![object! { "name": "meta", "valueMeta": tag }] }
    };
    match operation.code {
        "everything" | "document" | "meta" | "versions" | "implements" | "purge" | "expunge" => none,
        "convert" | "validate" => (Vec::new(), Some(object! { "resourceType": "Patient", "gender": "female" })),
        "fhirpath-r4" => {
            let expression = object! { "name": "expression", "valueString": "gender" };
            let resource = object! { "name": "resource", "resource": object! { "resourceType": "Patient", "gender": "female" } };
            (Vec::new(), Some(object! { "resourceType": "Parameters", "parameter": array![expression, resource] }))
        }
        "find" => (vec![("patient", id.to_owned()), ("name", "$current-problems".to_owned())], None),
        "graph" => (vec![("graph", "GraphDefinition/own".to_owned())], None),
        "lastn" => (vec![("subject", patient)], None),
        "stats" => (vec![("subject", patient), ("code", "x".to_owned()), ("system", "http://loinc.org".to_owned())], None),
        "meta-add" | "meta-delete" => (Vec::new(), Some(meta())),
        "preferred-id" => (vec![("id", "http://loinc.org".to_owned()), ("type", "oid".to_owned())], None),
        "snapshot" => (vec![("url", "http://hl7.org/fhir/StructureDefinition/Patient".to_owned())], None),
        "subset" => (vec![("server", "http://example.org/x".to_owned()), ("resource", "Patient".to_owned())], None),
        "expand" | "related" => (vec![("url", "http://hl7.org/fhir/ValueSet/administrative-gender".to_owned())], None),
        "lookup" => (vec![("system", "http://hl7.org/fhir/administrative-gender".to_owned()), ("code", "male".to_owned())], None),
        "subsumes" => {
            let system = ("system", "http://hl7.org/fhir/administrative-gender".to_owned());
            (vec![system, ("codeA", "male".to_owned()), ("codeB", "female".to_owned())], None)
        }
        "translate" => (vec![("url", "http://example.org/x".to_owned()), ("code", "x".to_owned())], None),
        "validate-code" => (vec![("url", "http://hl7.org/fhir/ValueSet/administrative-gender".to_owned()), ("code", "x".to_owned())], None),
        "batch-validate-code" => {
            let validation = object! { "resourceType": "Parameters", "parameter": array![
                object! { "name": "url", "valueUri": "http://hl7.org/fhir/ValueSet/administrative-gender" },
                object! { "name": "code", "valueCode": "male" },
            ] };
            let parameter = object! { "name": "validation", "resource": validation };
            (Vec::new(), Some(object! { "resourceType": "Parameters", "parameter": array![parameter] }))
        }
        "closure" => (vec![("name", "mine".to_owned())], None),
        other => panic!("${other} has no cell in the matrix: give it one"),
    }
}

async fn call(ctx: &Context, operation: &'static Operation, place: Place, id: &str) -> Told {
    let (query, body) = given(operation, id);
    let query = query.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let answer = invoke(ctx, OperationRequest { operation, place, query, body, if_match: None }).await;
    Told::of(answer.map(|reply| Told::ok(200, reply.resource)))
}

/// Whether the grant refuses the call altogether.
fn is_refused(who: Who, operation: &Operation, place: &Place) -> bool {
    let grant = shared(who);
    let refuses = |act, of: Option<ResourceType>| match of {
        Some(of) => {
            let is_open = act != Act::Update && super::matrix::BROUGHT.contains(&of.name());
            !is_open && *grant.verdict(of, act) == Verdict::Refused
        }
        None => ResourceType::all().all(|of| *grant.verdict(of, act) == Verdict::Refused),
    };
    let by_name = match operation.right {
        Right::Named | Right::Definitions(_) => who != Who::All,
        Right::Handed | Right::Resources => false,
    };
    let by_place = match place {
        Place::Instance(_) | Place::Version(..) => {
            refuses(Act::Read, place.kind())
                || operation.affects_state && operation.right == Right::Resources && refuses(Act::Update, place.kind())
        }
        _ => operation.right == Right::Resources && refuses(Act::Search, place.kind()),
    };
    by_name || by_place
}

/// The places on a type, with the ids that a call there is about.
fn places(operation: &Operation, of: ResourceType) -> Vec<(Place, &'static str)> {
    let mut places = Vec::new();
    for id in super::matrix::IDS {
        places.extend(operation.on_instance.then(|| (Place::Instance(Key::new(of, id)), id)));
        places.extend(operation.on_version.then(|| (Place::Version(Key::new(of, id), 1), id)));
        places.extend(operation.on_type.then_some((Place::Type(of), id)));
        places.extend((operation.system && of == kind("Patient")).then_some((Place::System, id)));
    }
    places
}

async fn run(who: Who) {
    let mut cells = 0;
    for of in ResourceType::all() {
        let world = World::of(of);
        let both = || (world.whole(who, false), world.part(who, false));
        let reading = both();
        for operation in TABLE.iter().copied().filter(|operation| operation.is_for(of) || operation.system && of == kind("Patient")) {
            let fresh = operation.affects_state.then(both);
            let (whole, part) = fresh.as_ref().unwrap_or(&reading);
            let before = world.hidden(whole, who, false).await;
            for (place, id) in places(operation, of).into_iter().filter(|(place, _)| operation.is_on(place)) {
                let cell = format!("{who:?} ${} on {place:?} about {id}", operation.code);
                let told = call(whole, operation, place.clone(), id).await;
                cells += 1;
                // What the audit trail says is erased by nobody.
                let keeps_trail = of == kind("AuditEvent") && told.status == 403 && matches!(operation.code, "expunge" | "purge");
                if keeps_trail || is_refused(who, operation, &place) {
                    assert_eq!(told.status, 403, "{cell}: {}", told.body);
                } else {
                    assert_eq!(told, call(part, operation, place, id).await, "{cell}");
                }
            }
            let after = world.hidden(whole, who, false).await;
            assert_eq!(after, before, "{who:?} ${} {}: what is hidden changed", operation.code, of.name());
        }
    }
    println!("{cells} cells");
    assert!(cells > 148 * 3 * 3, "{cells} cells");
}

#[tokio::test]
async fn nobody_is_told_anything_by_operations() {
    run(Who::Nobody).await;
}

#[tokio::test]
async fn a_patient_is_told_what_is_theirs_by_operations() {
    run(Who::Patient).await;
}

#[tokio::test]
async fn whoever_may_do_everything_is_told_everything_by_operations() {
    run(Who::All).await;
}

#[tokio::test]
async fn entries_of_bundles_that_invoke_operations_are_refused_alike() {
    let world = World::of(kind("Observation"));
    for (who, url, status) in [
        (Who::Nobody, "Patient/own/$everything", "403 Forbidden"),
        (Who::Patient, "Patient/own/$everything", "200 OK"),
        (Who::Patient, "Patient/other/$everything", "404 Not Found"),
        (Who::Patient, "Observation/$stats?subject=Patient/own&code=x", "403 Forbidden"),
        (Who::All, "Patient/other/$everything", "200 OK"),
    ] {
        let ctx = world.whole(who, false);
        let entry = object! { "request": object! { "method": "GET", "url": url } };
        let bundle = |kind: &str| object! { "resourceType": "Bundle", "type": kind, "entry": array![entry.clone()] };
        let batch = process(&ctx, bundle("batch"), Returning::Minimal).await.expect("a batch");
        assert!(String::from_utf8_lossy(&batch).contains(&format!("\"status\":\"{status}\"")), "{who:?} {url}");
        let transaction = process(&ctx, bundle("transaction"), Returning::Minimal).await;
        let is_forbidden = transaction.is_err_and(|error| error.outcome().status == 403);
        assert_eq!(is_forbidden, status.starts_with("403"), "{who:?} {url}");
    }
    assert!(is_of_patients(kind("Observation")));
}
