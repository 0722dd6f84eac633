//! What a search is led to: chains, `_has`, `_include`, `_revinclude` and compartments. Of each type, by references to it and from it.

use access::Act;
use fhir::Value;
use fhir::definitions::{ResourceType, definitions};

use super::cells::Cells;
use super::house::House;
use super::oracle;
use super::people::{Person, by_three_groups};
use super::told::{Told, found};
use super::world::kind;
use super::world::{FEW, Row, World, kinds, patient_parameter};

/// How a search leads to resources of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    Chain,
    ChainInFilter,
    NotChain,
    Has,
    Include,
    IncludeAll,
    Iterate,
    Revinclude,
    Compartment,
    CompartmentOfAll,
}

const LINKS: [Link; 10] = [
    Link::Chain,
    Link::ChainInFilter,
    Link::NotChain,
    Link::Has,
    Link::Include,
    Link::IncludeAll,
    Link::Iterate,
    Link::Revinclude,
    Link::Compartment,
    Link::CompartmentOfAll,
];

/// What is asked: the path, the type whose search it is, in which search mode the answer is, and what is expected there.
struct Question {
    path: String,
    searched: Option<ResourceType>,
    mode: &'static str,
    expected: Vec<String>,
    /// Whether the total is that of what is expected.
    has_total: bool,
}

fn finds(person: &Person, row: &Row) -> bool {
    oracle::may(person, Act::Search, row)
}

/// `None` where there is no such link to the type.
fn question(person: &Person, link: Link, of: ResourceType) -> Option<Question> {
    let world = World::shared();
    let (rows, pointers, patients) = (world.of(of), world.pointers_to(of), world.of(kind("Patient")));
    let (name, pointing) = (of.name(), pointers[0].kind);
    let element = if pointing.name() == "Basic" { "subject" } else { "target" };
    let ids = |rows: &[Row]| rows.iter().map(|row| row.id).collect::<Vec<_>>().join(",");
    let (all, to_all) = (ids(rows), ids(pointers));
    let pairs = || rows.iter().zip(pointers);
    let refers = || patient_parameter(of).map(|(code, _)| code);
    let patient_of = |row: &Row| patients.iter().find(|patient| Some(patient.id) == row.about && of.name() != "Patient");
    let seen_pointers = |keep: &dyn Fn(&Row) -> bool| {
        pairs().filter(|(row, pointer)| finds(person, pointer) && keep(row)).map(|(_, pointer)| pointer.place()).collect::<Vec<_>>()
    };
    let included = || pairs().filter(|(row, pointer)| finds(person, pointer) && finds(person, row)).map(|(row, _)| row);
    let asks = |path: String, searched, mode, mut expected: Vec<String>, has_total| {
        expected.sort_unstable();
        expected.dedup();
        Some(Question { path, searched, mode, expected, has_total })
    };
    let page = "_total=accurate&_count=50";
    let pointer_name = pointing.name();
    match link {
        Link::Chain => {
            let path = format!("{pointer_name}?_id={to_all}&{element}:{name}._id={all}&{page}");
            asks(path, Some(pointing), "match", seen_pointers(&|row| finds(person, row)), true)
        }
        Link::ChainInFilter => {
            let path = format!("{pointer_name}?_id={to_all}&_filter={element}._id%20eq%20own&{page}");
            asks(path, Some(pointing), "match", seen_pointers(&|row| row.id == "own" && finds(person, row)), true)
        }
        Link::NotChain => {
            let path = format!("{pointer_name}?_id={to_all}&_filter=not({element}._id%20eq%20own)&{page}");
            asks(path, Some(pointing), "match", seen_pointers(&|row| !(row.id == "own" && finds(person, row))), true)
        }
        Link::Has => {
            let path = format!("Patient?_has:{name}:{}:_id={all}&{page}", refers()?);
            let theirs = rows.iter().filter(|row| finds(person, row)).filter_map(patient_of);
            asks(path, Some(kind("Patient")), "match", theirs.filter(|patient| finds(person, patient)).map(Row::place).collect(), true)
        }
        Link::Include => {
            let path = format!("{pointer_name}?_id={to_all}&_include={pointer_name}:{element}:{name}&_count=50");
            asks(path, Some(pointing), "include", included().map(Row::place).collect(), false)
        }
        Link::IncludeAll => {
            let path = format!("{pointer_name}?_id={to_all}&_include=*&_count=50");
            asks(path, Some(pointing), "include", included().map(Row::place).collect(), false)
        }
        Link::Iterate => {
            let path =
                format!("{pointer_name}?_id={to_all}&_include={pointer_name}:{element}:{name}&_include:iterate={name}:{}", refers()?);
            let patients = included().filter_map(patient_of).filter(|patient| finds(person, patient)).map(Row::place);
            asks(path + "&_count=50", Some(pointing), "include", included().map(Row::place).chain(patients).collect(), false)
        }
        Link::Revinclude => {
            let path = format!("Patient?_id=own,other,private&_revinclude={name}:{}&_count=50", refers()?);
            let seen = |row: &&Row| finds(person, row) && patient_of(row).is_some_and(|patient| finds(person, patient));
            asks(path, Some(kind("Patient")), "include", rows.iter().filter(seen).map(Row::place).collect(), false)
        }
        Link::Compartment | Link::CompartmentOfAll => {
            let is_member = |row: &&fhir::definitions::Compartment| row.compartment.name() == "Patient" && row.resource_type == of;
            definitions().compartments().iter().find(is_member)?;
            let seen = |row: &&Row| finds(person, row) && row.about == Some("own");
            let expected = rows.iter().filter(seen).map(Row::place).collect();
            match link {
                Link::Compartment => asks(format!("Patient/own/{name}?_id={all}&{page}"), Some(of), "match", expected, true),
                _ => asks(format!("Patient/own/*?_type={name}&_id={all}&{page}"), None, "match", expected, true),
            }
        }
    }
}

async fn check(house: &House, person: &Person, link: Link, of: ResourceType, cells: &mut Cells) {
    // Nothing refers to Parameters.
    let Some(question) = question(person, link, of).filter(|_| of.name() != "Parameters") else { return };
    let told = house.get(person, &question.path).await;
    let cell = |what: &str| format!("{} {link:?} {}: {} {what}: {} {}", person.name, of.name(), question.path, told.status, told.text());
    let is_refused = match question.searched {
        Some(searched) => oracle::refuses(person, Act::Search, searched),
        None => !ResourceType::all().any(|kind| oracle::could(person, Act::Search, kind)),
    };
    if is_refused {
        cells.check(told.status == 403, || cell("is not refused"));
        return;
    }
    // Of what is brought along beside, other cells tell.
    let is_asked = |place: &String| {
        let world = World::shared();
        let patients = if matches!(link, Link::Has | Link::Iterate) { world.of(kind("Patient")) } else { &[] };
        world.of(of).iter().chain(world.pointers_to(of)).chain(patients).any(|row| row.place() == *place)
    };
    let places: Vec<String> = all(&told, question.mode).into_iter().filter(is_asked).collect();
    cells.check(places == question.expected, || cell(&format!("finds not {:?}", question.expected)));
    if question.has_total {
        let total = told.status.is_success().then(|| told.json().get("total").and_then(Value::as_number).map(str::to_owned)).flatten();
        cells.check(total == Some(question.expected.len().to_string()), || cell("counts others"));
    }
}

fn all(told: &Told, mode: &str) -> Vec<String> {
    if told.status.is_success() { found(&told.json(), mode) } else { vec![told.status.to_string()] }
}

async fn run(people: &[Person]) {
    let (house, mut cells) = (House::new(), Cells::default());
    for person in people.iter().map(Person::who_reads_pointers) {
        for of in kinds(&person) {
            for link in LINKS {
                check(&house, &person, link, of, &mut cells).await;
            }
            if cells.is_lost() {
                return cells.end(0);
            }
        }
    }
    cells.end(people.len() * FEW.len() * 6);
}

by_three_groups!(run);
