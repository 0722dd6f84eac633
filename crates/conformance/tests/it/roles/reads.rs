//! One resource: read, vread, its history.

use access::Act;
use fhir::definitions::ResourceType;

use super::cells::Cells;
use super::house::House;
use super::oracle;
use super::people::{PEOPLE, Person};
use super::told::Told;
use super::world::{ABSENT, Row, World, kinds};

/// The ways to one resource.
const WAYS: [&str; 4] = ["", "/_history/1", "/_history", "?_elements=id"];

async fn of_type(house: &House, person: &Person, kind: ResourceType, cells: &mut Cells) {
    for way in WAYS {
        let absent = house.get(person, &format!("{}/{ABSENT}{way}", kind.name())).await;
        let expected = if oracle::refuses(person, Act::Read, kind) { 403 } else { 404 };
        cells.check(absent.status == expected, || format!("{} GET {}/{ABSENT}{way}: {}", person.name, kind.name(), absent.text()));
        for row in World::shared().of(kind) {
            let told = house.get(person, &format!("{}{way}", row.place())).await;
            let cell = |what: &str| format!("{} GET {}{way} {what}: {}", person.name, row.place(), told.text());
            match oracle::may(person, Act::Read, row) {
                true => {
                    cells.check(told.status == 200, || cell("is theirs to read"));
                    cells.check(told.status != 200 || shows_nothing_hidden(person, row, &told), || cell("shows what is hidden"));
                }
                // A hidden resource is as one that never was.
                false => cells.check(told.about(row.id) == absent.about(ABSENT), || cell("is not as if it were not there")),
            }
        }
    }
}

/// Whether the elements that are hidden are not in the answer.
fn shows_nothing_hidden(person: &Person, row: &Row, told: &Told) -> bool {
    let hidden = oracle::hidden(person, row.kind);
    let body = told.json();
    let first = body.list("entry").next().and_then(|entry| entry.get("resource"));
    let resource = first.filter(|_| body.text("type") == Some("history")).unwrap_or(&body);
    hidden.iter().all(|path| resource.get(path).is_none())
}

async fn run(people: &[Person]) {
    let (house, mut cells) = (House::new(), Cells::default());
    for person in people {
        for kind in kinds() {
            of_type(&house, person, kind, &mut cells).await;
            if cells.is_lost() {
                break;
            }
        }
    }
    cells.end(people.len() * kinds().len() * 8 * WAYS.len());
}

#[tokio::test]
async fn by_those_with_a_role() {
    run(&PEOPLE[..12]).await;
}

#[tokio::test]
async fn by_all_others() {
    run(&PEOPLE[12..]).await;
}
