//! Every operation of the table, on every kind of place that it has. One without a call here fails.

use access::Act;
use fhir::definitions::ResourceType;
use fhir::{Value, array, json, object};
use interaction::operation::{Operation, Right, TABLE};
use search::url::query_string;

use super::cells::Cells;
use super::house::House;
use super::leaks;
use super::oracle;
use super::people::{Person, by_three_groups};
use super::told::Told;
use super::world::kind;
use super::world::{ABSENT, FEW, Row, World, kinds};

/// What an operation is given, in the address and in the body, when it is about a resource of this id.
type Given = (Vec<(String, String)>, Option<Value>);

fn given(operation: &Operation, id: &str) -> Given {
    let query = |pairs: &[(&str, &str)]| (pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(), None);
    let body = |parameters: Vec<Value>| (Vec::new(), Some(object! { "resourceType": "Parameters", "parameter": parameters }));
    let patient = format!("Patient/{id}");
    let resource = || object! { "resourceType": "Patient", "gender": "female" };
    let gender = ("url", "http://hl7.org/fhir/ValueSet/administrative-gender");
    match operation.code {
        "everything" | "document" | "meta" | "versions" | "implements" | "purge" | "expunge" => query(&[]),
        "convert" | "validate" => (Vec::new(), Some(resource())),
        "fhirpath-r4" => {
            body(vec![object! { "name": "expression", "valueString": "gender" }, object! { "name": "resource", "resource": resource() }])
        }
        "find" => query(&[("patient", id), ("name", "$current-problems")]),
        "graph" => query(&[("graph", "GraphDefinition/own")]),
        "lastn" => query(&[("subject", &patient)]),
        "stats" => query(&[("subject", &patient), ("code", "x"), ("system", "http://loinc.org")]),
        "meta-add" | "meta-delete" => {
            let tag = object! { "tag": array![object! { "system": "http://example.org", "code": "seen" }] };
            body(vec![object! { "name": "meta", "valueMeta": tag }])
        }
        "preferred-id" => query(&[("id", "http://loinc.org"), ("type", "oid")]),
        "snapshot" => query(&[("url", "http://hl7.org/fhir/StructureDefinition/Patient")]),
        "subset" => query(&[("server", "http://example.org/x"), ("resource", "Patient")]),
        "expand" | "related" => query(&[gender]),
        "lookup" => query(&[("system", "http://hl7.org/fhir/administrative-gender"), ("code", "male")]),
        "subsumes" => query(&[("system", "http://hl7.org/fhir/administrative-gender"), ("codeA", "male"), ("codeB", "female")]),
        "translate" => query(&[("url", "http://example.org/x"), ("code", "x")]),
        "validate-code" => query(&[gender, ("code", "x")]),
        "batch-validate-code" => {
            let asks = object! { "resourceType": "Parameters", "parameter": array![
                object! { "name": "url", "valueUri": gender.1 },
                object! { "name": "code", "valueCode": "male" },
            ] };
            body(vec![object! { "name": "validation", "resource": asks }])
        }
        "closure" => query(&[("name", "mine")]),
        other => panic!("${other} has no cell: give it a call"),
    }
}

/// Where an operation is invoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    System,
    Type,
    Instance,
    Version,
}

async fn call(house: &House, person: &Person, operation: &Operation, place: Place, of: ResourceType, id: &str) -> Told {
    let (query, body) = given(operation, id);
    let code = operation.code;
    let path = match place {
        Place::System => format!("${code}"),
        Place::Type => format!("{}/${code}", of.name()),
        Place::Instance => format!("{}/{id}/${code}", of.name()),
        Place::Version => format!("{}/{id}/_history/1/${code}", of.name()),
    };
    let path = if query.is_empty() { path } else { format!("{path}?{}", query_string(&query)) };
    match body {
        None if operation.by_get() => house.get(person, &path).await,
        body => {
            let body = body.unwrap_or_else(|| object! { "resourceType": "Parameters" });
            house.send(person, "POST", &path, &[("content-type", "application/fhir+json")], &json::to_string(&body)).await
        }
    }
}

/// Whether somebody is refused, whatever is there.
fn is_refused(person: &Person, operation: &Operation, place: Place, of: ResourceType) -> bool {
    let by_name = match operation.right {
        Right::Named => !oracle::may_invoke(person, operation.code),
        Right::Definitions(kinds) => {
            let reads_all = kinds.iter().all(|name| oracle::does_all(person, Act::Read, kind(name)));
            !oracle::may_invoke(person, operation.code) && !reads_all
        }
        Right::Handed | Right::Resources => false,
    };
    let resources = operation.right == Right::Resources;
    let by_place = match place {
        Place::Instance | Place::Version => {
            let changes = place == Place::Instance && resources && operation.affects_state;
            oracle::refuses(person, Act::Read, of) || changes && oracle::refuses(person, Act::Update, of)
        }
        Place::Type => resources && oracle::refuses(person, Act::Search, of),
        Place::System => resources && !ResourceType::all().any(|kind| oracle::could(person, Act::Search, kind)),
    };
    by_name || by_place
}

async fn at(house: &House, person: &Person, operation: &Operation, (place, of): (Place, ResourceType), cells: &mut Cells) {
    let is_refused = is_refused(person, operation, place, of);
    let rows = World::shared().some(of, person.name.len() + operation.id.len(), 3).map(|(_, row)| row);
    let rows: Vec<&Row> = if matches!(place, Place::System) { vec![&World::shared().of(kind("Patient"))[0]] } else { rows.collect() };
    for row in rows {
        let told = call(house, person, operation, place, of, row.id).await;
        let cell = |what: &str| {
            format!("{} ${} on {place:?} {} {what}: {} {}", person.name, operation.code, row.place(), told.status, told.text())
        };
        if is_refused {
            cells.check(told.status == 403, || cell("is not refused"));
            continue;
        }
        cells.check(leaks::shows_only_what_is_seen(person, &told), || cell("shows what is hidden"));
        let (reads, updates) = (oracle::may(person, Act::Read, row), oracle::may(person, Act::Update, row));
        let changes = operation.affects_state && operation.right == Right::Resources;
        match place {
            Place::Instance | Place::Version if !reads => {
                let absent = call(house, person, operation, place, of, ABSENT).await;
                cells.check(told.about(row.id) == absent.about(ABSENT), || cell("is not as if it were not there"));
            }
            // What the audit trail says is erased by nobody.
            _ if of.name() == "AuditEvent" && operation.right == Right::Named && operation.affects_state => {
                cells.check(told.status == 403, || cell("erases the trail"));
            }
            // To take a tag away that is not there changes nothing.
            Place::Instance if changes && !updates && operation.code != "meta-delete" => {
                cells.check(told.status == 403, || cell("changes what they may not"))
            }
            _ => cells.check(told.status != 403 && told.status != 401, || cell("is refused")),
        }
    }
}

async fn run(people: &[Person]) {
    let mut cells = Cells::default();
    for person in people {
        let house = House::new();
        // Those that change something come last.
        let (changing, reading): (Vec<&&Operation>, Vec<&&Operation>) = TABLE.iter().partition(|operation| operation.affects_state);
        for operation in reading.into_iter().chain(changing) {
            for of in kinds(person).into_iter().filter(|of| operation.is_for(*of)) {
                for (place, is_there) in
                    [(Place::Type, operation.on_type), (Place::Instance, operation.on_instance), (Place::Version, operation.on_version)]
                {
                    if is_there {
                        at(&house, person, operation, (place, of), &mut cells).await;
                    }
                }
            }
            if operation.system {
                at(&house, person, operation, (Place::System, kind("Patient")), &mut cells).await;
            }
        }
        if cells.is_lost() {
            return cells.end(0);
        }
    }
    cells.end(people.len() * FEW.len() * 6);
}

by_three_groups!(run);
