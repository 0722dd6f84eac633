//! What was: versions of a resource that were hidden once, or are now, and what was deleted. A version is shown to whom the rules show it by its own content and
//! by the current one; a deletion to whom they would show what was deleted.

use access::Act;
use fhir::definitions::ResourceType;
use fhir::{Value, json};
use interaction::prepare::{Rules, prepare};
use search::Registry;
use store::commit::{Commit, Key, Put, Tenant};

use super::cells::Cells;
use super::house::House;
use super::leaks;
use super::oracle;
use super::people::{PEOPLE, Person};
use super::told::Told;
use super::world::{ABSENT, BASE, FEW, Row, World, kinds};

/// The stories: an id, and what the resource is like in its versions: as the row of this id; `None`: deleted.
const STORIES: [(&str, [Option<&str>; 2]); 4] = [
    ("hidden-once", [Some("own-v"), Some("own")]),
    ("hidden-now", [Some("own"), Some("own-v")]),
    ("deleted", [Some("own"), None]),
    ("deleted-and-hidden", [Some("own-v"), None]),
];

/// A resource of a type as it is in a version.
fn version(of: ResourceType, id: &'static str, like: &str) -> Row {
    let row = World::shared().of(of).iter().find(|row| row.id == like).expect("a row");
    let mut body = row.body.clone();
    body.as_object_mut().expect("an object").set("id", id);
    let about = if of.name() == "Patient" { Some(id) } else { row.about };
    Row { id, about, body, ..row.clone() }
}

/// A house with the stories of all types in it.
async fn house() -> House {
    let house = House::new();
    let rules = Rules::of_structure(Registry::standard().with_words(true));
    let put = |row: &Row| -> Put { prepare(&rules, BASE, &row.body, Key::new(row.kind, row.id)).expect("a sample").put };
    for turn in 0..2 {
        let mut commit = Commit::new(Tenant(1), "test", "import");
        for (of, (id, versions)) in ResourceType::all().flat_map(|of| STORIES.map(|story| (of, story))) {
            match versions[turn] {
                Some(like) => commit.put.push(put(&version(of, id, like))),
                None => commit.delete.push(Key::new(of, id)),
            }
        }
        house.app.server.store.commit(commit).await.expect("it is written");
    }
    house
}

/// The numbers of the versions in a history.
fn numbers(told: &Told) -> Vec<u64> {
    let body = json::parse(&told.body).unwrap_or(Value::Null);
    let tag = |entry: &Value| entry.get("response")?.text("etag")?.trim_start_matches("W/\"").trim_end_matches('"').parse().ok();
    body.list("entry").filter_map(tag).collect()
}

async fn check(
    house: &House,
    person: &Person,
    of: ResourceType,
    (id, versions): (&'static str, [Option<&'static str>; 2]),
    cells: &mut Cells,
) {
    let place = format!("{}/{id}", of.name());
    let sees = |like: &str| oracle::may(person, Act::Read, &version(of, id, like));
    // A deletion is seen by what was before it.
    let seen = [0, 1].map(|turn: usize| versions[turn].or(versions[0]).is_some_and(&sees));
    let is_seen = seen[1];
    let current = if versions[1].is_some() { 200 } else { 410 };
    let ways: [(&str, bool, u16); 4] =
        [("", is_seen, current), ("/_history/1", is_seen && seen[0], 200), ("/_history/2", is_seen, current), ("/_history", is_seen, 200)];
    for (way, is_shown, status) in ways {
        let told = house.get(person, &format!("{place}{way}")).await;
        let cell = |what: &str| format!("{} GET {place}{way} {what}: {} {}", person.name, told.status, told.text());
        if is_shown {
            cells.check(told.status == status, || cell(&format!("is not {status}")));
        } else if is_seen {
            // Of a version that is hidden nothing is told but that there is none.
            cells.check(told.status == 404, || cell("is shown"));
        } else {
            let absent = house.get(person, &format!("{}/{ABSENT}{way}", of.name())).await;
            cells.check(told.about(id) == absent.about(ABSENT), || cell("is not as if it were not there"));
        }
        if way == "/_history" && is_seen {
            let expected: Vec<u64> = [2, 1].into_iter().filter(|number| seen[*number as usize - 1]).collect();
            cells.check(numbers(&told) == expected, || cell(&format!("has not {expected:?}")));
            let total = told.json().get("total").and_then(Value::as_number).map(str::to_owned);
            cells.check(total == Some(expected.len().to_string()), || cell("counts others"));
        }
    }
}

/// The histories of types and of everything: what is in them is what is found.
async fn histories(house: &House, person: &Person, cells: &mut Cells) {
    for path in ["_history?_count=1000", "_history?_count=3", "_history?_since=2026-11-21T08:00:30Z&_count=100"] {
        let told = house.get(person, path).await;
        let cell = |what: &str| format!("{} GET {path} {what}: {}", person.name, told.status);
        if !ResourceType::all().any(|kind| oracle::could(person, Act::Search, kind)) {
            cells.check(told.status == 403, || cell("is not refused"));
            continue;
        }
        cells.check(told.status == 200 && leaks::shows_only_what_is_seen(person, &told), || cell("shows what is hidden"));
        let body = told.json();
        let places = body.list("entry").filter_map(|entry| entry.text("fullUrl")?.strip_prefix(BASE).map(|path| path[1..].to_owned()));
        let is_hidden = |place: &String| {
            STORIES.iter().any(|(id, versions)| {
                let story = place.split_once('/').filter(|(_, known)| known == id);
                story.is_some_and(|(of, _)| {
                    let of = super::world::kind(of);
                    !oracle::may(person, Act::Search, &version(of, id, versions[1].or(versions[0]).unwrap_or_default()))
                })
            })
        };
        let shown: Vec<String> = places.filter(is_hidden).collect();
        cells.check(shown.is_empty(), || cell(&format!("has {shown:?}")));
    }
}

#[tokio::test]
async fn are_shown_as_they_were_and_are() {
    let (house, mut cells) = (house().await, Cells::default());
    for person in PEOPLE {
        for of in kinds(person) {
            for story in STORIES {
                check(&house, person, of, story, &mut cells).await;
            }
        }
        histories(&house, person, &mut cells).await;
        if cells.is_lost() {
            break;
        }
    }
    cells.end(PEOPLE.len() * FEW.len() * STORIES.len() * 4);
}
