//! What is written: by id, by criteria, by patches, alone and in transactions; and that what somebody may not change stays as it is.

use access::Act;
use fhir::definitions::ResourceType;
use fhir::{Value, array, json, object};
use store::commit::Tenant;

use super::cells::Cells;
use super::house::House;
use super::oracle;
use super::people::{PEOPLE, Person};
use super::told::Told;
use super::world::{ABSENT, FEW, Row, World, kinds};

/// How a resource is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    Create,
    CreateIfNone,
    Update,
    ConditionalUpdate,
    Patch,
    ConditionalPatch,
    Delete,
    ConditionalDelete,
}

/// Those that delete come last.
pub const WRITES: [Write; 8] = [
    Write::Create,
    Write::CreateIfNone,
    Write::Update,
    Write::ConditionalUpdate,
    Write::Patch,
    Write::ConditionalPatch,
    Write::ConditionalDelete,
    Write::Delete,
];

/// What somebody is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// This status.
    Status(u16),
    /// What is told of an id that no resource has.
    AsIfAbsent,
}

/// What the request sends, and how: the method, the path below the endpoint, headers and the body.
pub struct Request {
    pub method: &'static str,
    pub path: String,
    pub if_none_exist: Option<String>,
    pub body: Option<Value>,
}

/// A resource as somebody would write it who has been shown it: without what is hidden from them.
fn as_shown(person: &Person, row: &Row, id: Option<&str>) -> Value {
    let mut body = row.body.clone();
    let members = body.as_object_mut().expect("an object");
    oracle::hidden(person, row.kind).iter().for_each(|path| drop(members.remove(path)));
    match id {
        Some(id) => members.set("id", id),
        None => drop(members.remove("id")),
    }
    body
}

/// The request that writes a row under an id.
pub fn request(person: &Person, write: Write, row: &Row, id: &str) -> Request {
    let (name, place, criteria) = (row.kind.name(), format!("{}/{id}", row.kind.name()), format!("_id={id}"));
    let by_criteria = format!("{name}?{criteria}");
    let german = || {
        object! { "resourceType": "Parameters", "parameter": array![object! { "name": "operation", "part": array![
            object! { "name": "type", "valueCode": "replace" },
            object! { "name": "path", "valueString": format!("{name}.language") },
            object! { "name": "value", "valueCode": "de" },
        ] }] }
    };
    let (method, path, if_none_exist, body) = match write {
        Write::Create => ("POST", name.to_owned(), None, Some(as_shown(person, row, None))),
        Write::CreateIfNone => ("POST", name.to_owned(), Some(criteria), Some(as_shown(person, row, None))),
        Write::Update => ("PUT", place, None, Some(as_shown(person, row, Some(id)))),
        Write::ConditionalUpdate => ("PUT", by_criteria, None, Some(as_shown(person, row, None))),
        Write::Patch => ("PATCH", place, None, Some(german())),
        Write::ConditionalPatch => ("PATCH", by_criteria, None, Some(german())),
        Write::Delete => ("DELETE", place, None, None),
        Write::ConditionalDelete => ("DELETE", by_criteria, None, None),
    };
    Request { method, path, if_none_exist, body }
}

/// What is to be told of it, when the row is there under its own id.
pub fn expected(person: &Person, write: Write, row: &Row) -> Expected {
    let of = row.kind;
    let (refuses, may) = (|act| oracle::refuses(person, act, of), |act| oracle::may(person, act, row));
    // A new resource is about whom it says; a new Patient is nobody yet.
    let fresh = Row { about: if of.name() == "Patient" { Some("new") } else { row.about }, id: "new", ..row.clone() };
    let create = || Expected::Status(if oracle::may(person, Act::Create, &fresh) { 201 } else { 403 });
    let (finds, reads) = (may(Act::Search), may(Act::Read));
    let needs: &[&[Act]] = match write {
        Write::Create => &[&[Act::Create]],
        Write::CreateIfNone => &[&[Act::Create], &[Act::Search]],
        Write::Update => &[&[Act::Update, Act::Create]],
        Write::ConditionalUpdate => &[&[Act::Search], &[Act::Update, Act::Create]],
        Write::Patch => &[&[Act::Read], &[Act::Update]],
        Write::ConditionalPatch => &[&[Act::Search], &[Act::Update]],
        Write::Delete => &[&[Act::Delete]],
        Write::ConditionalDelete => &[&[Act::Search], &[Act::Delete]],
    };
    if needs.iter().any(|acts| acts.iter().all(|act| refuses(*act))) {
        return Expected::Status(403);
    }
    let changed = |act: Act, done: u16| match (may(act), reads) {
        (true, _) => Expected::Status(done),
        (false, true) => Expected::Status(403),
        (false, false) => Expected::AsIfAbsent,
    };
    match write {
        Write::Create => create(),
        Write::CreateIfNone if finds => Expected::Status(200),
        Write::CreateIfNone => create(),
        Write::Update => changed(Act::Update, 200),
        Write::ConditionalUpdate if finds => changed(Act::Update, 200),
        Write::ConditionalUpdate => create(),
        Write::Patch if !reads => Expected::AsIfAbsent,
        Write::Patch => changed(Act::Update, 200),
        Write::ConditionalPatch if !finds => Expected::AsIfAbsent,
        Write::ConditionalPatch => changed(Act::Update, 200),
        Write::Delete => changed(Act::Delete, 204),
        Write::ConditionalDelete if !finds => Expected::AsIfAbsent,
        Write::ConditionalDelete => changed(Act::Delete, 204),
    }
}

async fn send(house: &House, person: &Person, request: &Request) -> Told {
    let headers = [("content-type", "application/fhir+json"), ("if-none-exist", request.if_none_exist.as_deref().unwrap_or_default())];
    let headers = &headers[usize::from(request.body.is_none())..if request.if_none_exist.is_some() { 2 } else { 1 }];
    let body = request.body.as_ref().map_or_else(String::new, json::to_string);
    house.send(person, request.method, &request.path, headers, &body).await
}

/// The same as the one entry of a transaction: its status is that of the Bundle, or of the entry.
async fn transact(house: &House, person: &Person, request: Request) -> Told {
    let mut about = object! { "method": request.method, "url": request.path };
    if let (Some(members), Some(criteria)) = (about.as_object_mut(), request.if_none_exist) {
        members.set("ifNoneExist", criteria);
    }
    let mut entry = object! { "request": about };
    if let (Some(members), Some(body)) = (entry.as_object_mut(), request.body) {
        members.set("resource", body);
    }
    let bundle = object! { "resourceType": "Bundle", "type": "transaction", "entry": array![entry] };
    let mut told = house.send(person, "POST", "", &[("content-type", "application/fhir+json")], &json::to_string(&bundle)).await;
    if told.status == 200 {
        let answer = told.json();
        let status = answer.list("entry").next().and_then(|entry| entry.get("response")?.text("status")).expect("a status");
        told.status = status[..3].parse().expect("a status");
    }
    told
}

async fn ask(house: &House, person: &Person, way: Way, request: Request) -> Told {
    match way {
        Way::Alone => send(house, person, &request).await,
        Way::Transaction => transact(house, person, request).await,
    }
}

/// How a request comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Alone,
    Transaction,
}

impl Way {
    /// About how many rows of a type it is asked.
    fn rows(self) -> usize {
        match self {
            Way::Alone => 3,
            Way::Transaction => 2,
        }
    }
}

async fn of_type(house: &House, (person, way): (&Person, Way), of: ResourceType, cells: &mut Cells) {
    for write in WRITES {
        let rows = World::shared().some(of, person.name.len() + 3 * write as usize, way.rows()).filter(|(at, _)| match write {
            // What is deleted by criteria is not there to be deleted by its id.
            Write::ConditionalDelete => at % 2 == 0,
            Write::Delete => at % 2 == 1,
            _ => true,
        });
        for (_, row) in rows {
            let told = ask(house, person, way, request(person, write, row, row.id)).await;
            let cell = |what: &str| format!("{} {way:?} {write:?} {} {what}: {} {}", person.name, row.place(), told.status, told.text());
            match expected(person, write, row) {
                Expected::Status(status) => cells.check(told.status == status, || cell(&format!("is not {status}"))),
                Expected::AsIfAbsent => {
                    let absent = ask(house, person, way, request(person, write, row, ABSENT)).await;
                    cells.check(absent.status != 403 && absent.status != 201, || cell("is told of an absent one"));
                    cells.check(told.about(row.id) == absent.about(ABSENT), || cell(&format!("is not as {:?}", absent.about(ABSENT))));
                }
            }
        }
    }
    for row in World::shared().of(of).iter().filter(|row| !oracle::may(person, Act::Update, row) && !oracle::may(person, Act::Delete, row))
    {
        let key = store::commit::Key::new(of, row.id);
        let stored = house.app.server.store.read(Tenant(1), &key).await.expect("a read").expect("it is there");
        cells.check(stored.version == 1, || format!("{} has changed {}", person.name, row.place()));
    }
}

async fn run(people: &[Person], way: Way) {
    let mut cells = Cells::default();
    for person in people {
        let house = House::new();
        for of in kinds(person) {
            of_type(&house, (person, way), of, &mut cells).await;
        }
        if cells.is_lost() {
            return cells.end(0);
        }
    }
    cells.end(people.len() * FEW.len() * 7 * way.rows());
}

#[tokio::test]
async fn by_those_with_a_role() {
    run(&PEOPLE[..12], Way::Alone).await;
}

#[tokio::test]
async fn by_all_others() {
    run(&PEOPLE[12..], Way::Alone).await;
}

#[tokio::test]
async fn in_transactions_by_those_with_a_role() {
    run(&PEOPLE[..12], Way::Transaction).await;
}

#[tokio::test]
async fn in_transactions_by_all_others() {
    run(&PEOPLE[12..], Way::Transaction).await;
}
