//! What is found: searches of a type and of all, their totals and pages, histories of types, and what was found in the past.

use access::Act;
use fhir::definitions::ResourceType;
use fhir::{Value, object};

use super::cells::Cells;
use super::house::{House, WRITTEN};
use super::oracle;
use super::people::{Person, by_three_groups};
use super::told::{Told, place};
use super::world::{ABSENT, FEW, Row, World, kinds};

/// How resources of a type are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Get,
    Post,
    Count,
    Sorted,
    Elements,
    Filter,
    Words,
    AllTypes,
    Pages,
    Then,
    Explained,
    History,
    GraphQl,
    GraphQlOfType,
}

const WAYS: [Way; 14] = [
    Way::Get,
    Way::Post,
    Way::Count,
    Way::Sorted,
    Way::Elements,
    Way::Filter,
    Way::Words,
    Way::AllTypes,
    Way::Pages,
    Way::Then,
    Way::Explained,
    Way::History,
    Way::GraphQl,
    Way::GraphQlOfType,
];

/// The ids of all rows, and one that is not there.
fn ids(rows: &[Row]) -> String {
    rows.iter().map(|row| row.id).chain([ABSENT]).collect::<Vec<_>>().join(",")
}

/// What was found of the rows, sorted, and the total where one was told.
struct Found {
    status: u16,
    rows: Vec<String>,
    total: Option<String>,
    text: String,
}

impl Found {
    fn of(told: &Told) -> Self {
        let (status, text) = (told.status.as_u16(), told.text());
        let body = if status == 200 { told.json() } else { Value::Null };
        let mut rows: Vec<String> = body.list("entry").filter_map(|entry| entry.get("resource")).map(place).collect();
        rows.sort_unstable();
        Self { status, rows, total: body.get("total").and_then(Value::as_number).map(str::to_owned), text }
    }

    /// The ids in the answer to a GraphQL query for a list.
    fn of_graphql(told: &Told, of: ResourceType) -> Self {
        let (status, text) = (told.status.as_u16(), told.text());
        let body = if status == 200 { told.json() } else { Value::Null };
        let list = body.get("data").and_then(|data| data.get(&format!("{}List", of.name()))).cloned().unwrap_or(Value::Null);
        let mut rows: Vec<String> = list.each().filter_map(|each| Some(format!("{}/{}", of.name(), each.text("id")?))).collect();
        rows.sort_unstable();
        Self { status, rows, total: None, text }
    }
}

async fn ask(house: &House, person: &Person, way: Way, of: ResourceType) -> Found {
    let rows = World::shared().of(of);
    let (name, ids) = (of.name(), ids(rows));
    let by_id = format!("_id={ids}&_total=accurate&_count=50");
    let get = async |path: String| Found::of(&house.get(person, &path).await);
    let graphql = async |path: &str, query: String| {
        let json = fhir::json::to_string(&object! { "query": query });
        let headers = [("content-type", "application/json")];
        Found::of_graphql(&house.send(person, "POST", path, &headers, &json).await, of)
    };
    let list = || rows.iter().map(|row| format!("\"{}\"", row.id)).collect::<Vec<_>>().join(", ");
    let listed = || format!("{{ {name}List(_id: [{}], _count: 50) {{ id }} }}", list());
    match way {
        Way::Get => get(format!("{name}?{by_id}")).await,
        Way::Post => {
            let form = [("content-type", "application/x-www-form-urlencoded")];
            Found::of(&house.send(person, "POST", &format!("{name}/_search"), &form, &by_id).await)
        }
        Way::Count => get(format!("{name}?_id={ids}&_summary=count")).await,
        Way::Sorted => get(format!("{name}?{by_id}&_sort=-_lastUpdated,_id")).await,
        Way::Elements => get(format!("{name}?{by_id}&_elements=id")).await,
        Way::Filter => get(format!("{name}?_filter=not(_id%20eq%20{ABSENT})&_count=50&_id={ids}")).await,
        Way::Words => get(format!("{name}?_content=x&{by_id}")).await,
        Way::AllTypes => get(format!("?_type={name}&{by_id}")).await,
        Way::Pages => pages(house, person, format!("{name}?_id={ids}&_total=accurate&_count=2")).await,
        Way::Then => get(format!("{name}?{by_id}&_asOf={}", fhir::primitive::instant_text(WRITTEN + 1000))).await,
        Way::Explained => get(format!("{name}?{by_id}&_explain=true")).await,
        Way::History => pages(house, person, format!("{name}/_history?_count=500")).await,
        Way::GraphQl => graphql("$graphql", listed()).await,
        Way::GraphQlOfType => graphql(&format!("{name}/$graphql"), listed()).await,
    }
}

/// All pages of a search, to the last. Each of them tells the same total.
async fn pages(house: &House, person: &Person, path: String) -> Found {
    let first = house.get(person, &path).await;
    let mut all = Found::of(&first);
    let mut next = if all.status == 200 { first.link("next") } else { None };
    for _ in 0..10 {
        let Some(url) = next else { break };
        let told = house.get(person, url.split_once("/fhir/").expect("an address of the server").1).await;
        let page = Found::of(&told);
        if page.status != 200 || page.total != all.total {
            return Found { status: 0, ..page };
        }
        all.rows.extend(page.rows);
        next = told.link("next");
    }
    all.rows.sort_unstable();
    all
}

/// Whether whatever is there, they are told that they may not.
fn is_refused(person: &Person, way: Way, of: ResourceType) -> bool {
    let refuses = |act, of| oracle::refuses(person, act, of);
    let could_any = |act| ResourceType::all().any(|kind| oracle::could(person, act, kind));
    match way {
        Way::AllTypes => !could_any(Act::Search),
        Way::GraphQl => !could_any(Act::Read) && !could_any(Act::Search),
        Way::GraphQlOfType => refuses(Act::Read, of) && refuses(Act::Search, of),
        _ => refuses(Act::Search, of),
    }
}

async fn check(house: &House, person: &Person, way: Way, of: ResourceType, cells: &mut Cells) {
    let rows = World::shared().of(of);
    let found = ask(house, person, way, of).await;
    let cell = |what: &str| format!("{} {way:?} {} {what}: {} {}", person.name, of.name(), found.status, found.text);
    if is_refused(person, way, of) {
        cells.check(found.status == 403, || cell("is not refused"));
        return;
    }
    let mut expected: Vec<String> = rows.iter().filter(|row| oracle::may(person, Act::Search, row)).map(Row::place).collect();
    expected.sort_unstable();
    let is_asked = |place: &String| rows.iter().any(|row| row.place() == *place);
    let told: Vec<&String> = found.rows.iter().filter(|place| is_asked(place)).collect();
    match way {
        Way::Count => cells.check(found.total == Some(expected.len().to_string()), || cell("counts others")),
        // Words may be those of a hidden element.
        Way::Words if !oracle::hidden(person, of).is_empty() => cells.check(found.status == 403, || cell("is found by words")),
        // Not every type has the word: where one has it, all have.
        Way::Words => {
            let is_right = told.is_empty() || told == expected.iter().collect::<Vec<_>>();
            cells.check(found.status == 200 && is_right, || cell("finds others"));
        }
        _ => cells.check(told == expected.iter().collect::<Vec<_>>(), || cell(&format!("finds not {expected:?}"))),
    }
    if matches!(way, Way::Get | Way::Post | Way::Sorted | Way::Elements | Way::AllTypes | Way::Pages | Way::Then | Way::Explained) {
        cells.check(found.total == Some(expected.len().to_string()), || cell("counts others"));
    }
}

async fn run(people: &[Person]) {
    let (house, mut cells) = (House::new(), Cells::default());
    for person in people {
        for of in kinds(person) {
            for way in WAYS {
                check(&house, person, way, of, &mut cells).await;
            }
            if cells.is_lost() {
                return cells.end(0);
            }
        }
    }
    cells.end(people.len() * FEW.len() * WAYS.len());
}

by_three_groups!(run);
