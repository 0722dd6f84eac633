//! Many requests in one: each entry of a batch is told what it would be told alone, and a transaction that reads is refused as a whole.

use access::Act;
use fhir::definitions::ResourceType;
use fhir::{Value, array, json, object};

use super::cells::Cells;
use super::house::House;
use super::leaks;
use super::oracle;
use super::people::{PEOPLE, Person};
use super::told::Told;
use super::world::{ABSENT, Row, World, kinds};

/// The ways to one resource that a batch has, and the act that each needs.
fn urls(row: &Row) -> [(String, Act); 4] {
    let (name, place) = (row.kind.name(), row.place());
    [
        (place.clone(), Act::Read),
        (format!("{place}/_history/1"), Act::Read),
        (format!("{place}/_history"), Act::Read),
        (format!("{name}?_id={}&_total=accurate", row.id), Act::Search),
    ]
}

async fn post(house: &House, person: &Person, bundle: &str, urls: &[String]) -> Told {
    let entry = |url: &String| object! { "request": object! { "method": "GET", "url": url.as_str() } };
    let entries: Vec<Value> = urls.iter().map(entry).collect();
    let bundle = object! { "resourceType": "Bundle", "type": bundle, "entry": entries };
    house.send(person, "POST", "", &[("content-type", "application/fhir+json")], &json::to_string(&bundle)).await
}

/// The status of an entry, and the total of a searchset in it.
fn answer(entry: &Value) -> (String, Option<String>) {
    let status = entry.get("response").and_then(|response| response.text("status")).unwrap_or("none").chars().take(3).collect();
    let total = entry.get("resource").and_then(|resource| resource.get("total")).and_then(Value::as_number);
    (status, total.map(str::to_owned))
}

async fn of_type(house: &House, person: &Person, of: ResourceType, cells: &mut Cells) {
    let rows = World::shared().of(of);
    let asked: Vec<(&Row, String, Act)> = rows.iter().flat_map(|row| urls(row).map(|(url, act)| (row, url, act))).collect();
    let told = post(house, person, "batch", &asked.iter().map(|(_, url, _)| url.clone()).collect::<Vec<_>>()).await;
    let body = told.json();
    cells.check(leaks::shows_only_what_is_seen(person, &told), || format!("{} a batch of {} shows what is hidden", person.name, of.name()));
    for ((row, url, act), entry) in asked.iter().zip(body.list("entry")) {
        let (status, total) = answer(entry);
        let is_seen = oracle::may(person, *act, row);
        let expected = match (*act, is_seen) {
            _ if oracle::refuses(person, *act, of) => "403",
            (Act::Search, _) | (_, true) => "200",
            (_, false) => "404",
        };
        let is_counted = *act != Act::Search || expected == "403" || total.as_deref() == Some(if is_seen { "1" } else { "0" });
        cells.check(status == expected && is_counted, || {
            format!("{} {url} in a batch: {status} {total:?}, and not {expected}", person.name)
        });
    }
    let read = [rows[0].place(), format!("{}/{ABSENT}", of.name())].map(|url| [url].to_vec());
    for (urls, row) in read.iter().zip([Some(&rows[0]), None]) {
        let told = post(house, person, "transaction", urls).await;
        let expected = match row {
            _ if oracle::refuses(person, Act::Read, of) => 403,
            Some(row) if oracle::may(person, Act::Read, row) => 200,
            _ => 404,
        };
        let status = answer(told.json().list("entry").next().unwrap_or(&Value::Null)).0;
        let is_told = told.status == expected || status == expected.to_string();
        cells.check(is_told, || format!("{} {urls:?} in a transaction: {} {}", person.name, told.status, told.text()));
    }
}

async fn run(people: &[Person]) {
    let (house, mut cells) = (House::new(), Cells::default());
    for person in people {
        for of in kinds() {
            of_type(&house, person, of, &mut cells).await;
        }
        if cells.is_lost() {
            return cells.end(0);
        }
    }
    cells.end(people.len() * kinds().len() * 30);
}

#[tokio::test]
async fn by_those_with_a_role() {
    run(&PEOPLE[..12]).await;
}

#[tokio::test]
async fn by_all_others() {
    run(&PEOPLE[12..]).await;
}

/// What a batch brings of one is not told to another: entries are of whoever sent them.
#[tokio::test]
async fn a_batch_without_entries_is_for_everybody() {
    let house = House::new();
    for person in PEOPLE {
        let bundle = object! { "resourceType": "Bundle", "type": "batch", "entry": array![] };
        let told = house.send(person, "POST", "", &[("content-type", "application/fhir+json")], &json::to_string(&bundle)).await;
        assert_ne!(told.status, 403, "{}", person.name);
    }
}
