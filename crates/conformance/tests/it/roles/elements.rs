//! Elements that a role hides or keeps as they are: in no text, found by nothing, written by nobody.

use access::{Act, role};
use fhir::definitions::ResourceType;
use fhir::{Value, json};
use search::Registry;

use super::cells::Cells;
use super::house::House;
use super::oracle;
use super::people::{PEOPLE, Person};
use super::world::{Row, World};

/// The people and types with hidden elements, and these.
fn hidden() -> impl Iterator<Item = (&'static Person, ResourceType, Vec<String>)> {
    let of = |person: &'static Person| ResourceType::all().map(move |kind| (person, kind, oracle::hidden(person, kind)));
    PEOPLE.iter().flat_map(of).filter(|(_, _, hidden)| !hidden.is_empty())
}

/// Whether a resource has none of them.
fn has_none(resource: &Value, hidden: &[String]) -> bool {
    hidden.iter().all(|path| resource.get(path).is_none())
}

/// The search parameters whose expression names one of them.
fn parameters(kind: ResourceType, hidden: &[String]) -> Vec<String> {
    let registry = Registry::standard();
    let names = |expression: &str| {
        hidden.iter().any(|path| {
            let element = format!("{}.{path}", kind.name());
            expression.split(['|', ' ', '(', ')']).any(|word| word == element || word.starts_with(&format!("{element}.")))
        })
    };
    registry.parameters(kind).filter(|parameter| names(&parameter.expression)).map(|parameter| parameter.code.to_string()).collect()
}

fn seen(person: &Person, kind: ResourceType) -> Option<&'static Row> {
    World::shared().of(kind).iter().find(|row| oracle::may(person, Act::Read, row) && oracle::may(person, Act::Search, row))
}

#[tokio::test]
async fn are_shown_in_no_way_in() {
    let (house, mut cells) = (House::new(), Cells::default());
    for (person, kind, hidden) in hidden() {
        let Some(row) = seen(person, kind) else { continue };
        let (name, id, place) = (kind.name(), row.id, row.place());
        let patient = row.about.map(|about| format!("Patient/{about}/$everything"));
        let ways = [
            place.clone(),
            format!("{place}/_history/1"),
            format!("{place}/_history"),
            format!("{name}/_history?_count=100"),
            format!("{name}?_id={id}"),
            format!("{name}?_id={id}&_elements={}", hidden.join(",")),
            format!("?_type={name}&_id={id}"),
            format!("{place}?_elements={}", hidden.join(",")),
            format!("{name}?_id={id}&_asOf=2026-11-21T08:00:30Z"),
        ];
        for path in ways.into_iter().chain(patient) {
            let told = house.get(person, &path).await;
            let cell = |what: &str| format!("{} GET {path} {what}: {} {}", person.name, told.status, told.text());
            cells.check(told.status == 200, || cell("is not answered"));
            let body = json::parse(&told.body).unwrap_or(Value::Null);
            let is_of_kind = |value: &Value| value.resource_type() == Some(name);
            let resources = body.list("entry").filter_map(|entry| entry.get("resource")).chain([&body]).filter(|value| is_of_kind(value));
            let shown: Vec<&Value> = resources.collect();
            cells.check(shown.iter().all(|resource| has_none(resource, &hidden)), || cell("shows what is hidden"));
        }
        let query = format!(
            "{{ {name}List(_id: \"{id}\") {{ id {} }} }}",
            hidden.iter().map(|path| format!("{path} {{ __typename }}")).collect::<String>()
        );
        let query = json::to_string(&fhir::object! { "query": query });
        let told = house.send(person, "POST", "$graphql", &[("content-type", "application/json")], &query).await;
        let shows = told.text().contains("__typename\":");
        cells.check(!shows, || format!("{} GraphQL {name}: {}", person.name, told.text()));
        for code in parameters(kind, &hidden) {
            for path in
                [format!("{name}?{code}:missing=false"), format!("{name}?_sort={code}"), format!("{name}?_filter=not({code}%20pr%20true)")]
            {
                let told = house.get(person, &path).await;
                // Not everything can be sorted by or asked for so: what is refused for its form tells nothing either.
                cells
                    .check(told.status == 403 || told.status == 400, || format!("{} {path}: {} {}", person.name, told.status, told.text()));
            }
        }
    }
    cells.end(200);
}

#[tokio::test]
async fn are_written_by_nobody() {
    let mut cells = Cells::default();
    for person in PEOPLE {
        let house = House::new();
        for kind in ResourceType::all() {
            let (hidden, kept) = (oracle::hidden(person, kind), oracle::read_only(person, kind));
            let Some(row) = World::shared().of(kind).iter().find(|row| oracle::may(person, Act::Update, row)) else { continue };
            for path in hidden.iter().chain(&kept) {
                // With a hidden element sent, or one that is read-only taken away where it was, or set where it was not.
                let mut body = row.body.clone();
                let members = body.as_object_mut().expect("an object");
                oracle::hidden(person, kind).iter().filter(|other| *other != path).for_each(|other| drop(members.remove(other)));
                if kept.contains(path) {
                    let there: Vec<String> =
                        members.iter().map(|(name, _)| name.to_string()).filter(|name| name.starts_with(path.as_str())).collect();
                    match there.first() {
                        Some(name) => drop(members.remove(name)),
                        None => seed::smallest::plant(members, kind, path, None),
                    }
                }
                let text = json::to_string(&body);
                let told = house.send(person, "PUT", &row.place(), &[("content-type", "application/fhir+json")], &text).await;
                // What must be there and is taken away is no resource any more.
                cells.check(told.status == 403 || told.status == 422 || told.status == 400, || {
                    format!("{} writes {}.{path}: {} {}", person.name, kind.name(), told.status, told.text())
                });
            }
        }
    }
    cells.end(20);
    assert!(role::names().count() == 11, "a role that is new has people in `people`");
}
