//! Buildings, wards, rooms and beds as Locations.

use fhir::{Value, array, object};

use super::department::Department;
use super::organization::address;
use crate::coding::{Coding, HERE};
use crate::draft::{Draft, Reference};
use crate::plan::Plan;

/// A bed, and who sends patients to it.
pub(crate) struct Bed {
    pub(crate) location: Reference,
    pub(crate) department: Department,
}

/// The places that stories need.
pub(crate) struct Places {
    pub(crate) beds: Vec<Bed>,
    pub(crate) emergency_room: Reference,
    pub(crate) theatre: Reference,
    pub(crate) delivery_room: Reference,
    pub(crate) consulting_rooms: Vec<Reference>,
    pub(crate) laboratory: Reference,
    pub(crate) xray_room: Reference,
    /// How many beds are occupied today.
    occupied: u32,
    patients: u32,
}

/// A ward: part of its id, name, department, rooms, beds in each room.
type Ward = (&'static str, &'static str, Department, u32, u32);

const WARDS: [Ward; 8] = [
    ("m1", "Medical Ward 1", Department::Medicine, 6, 3),
    ("m2", "Medical Ward 2", Department::Medicine, 6, 3),
    ("s1", "Surgical Ward", Department::Surgery, 6, 3),
    ("o1", "Orthopaedic Ward", Department::Orthopaedics, 6, 3),
    ("p1", "Children's Ward", Department::Paediatrics, 6, 2),
    ("b1", "Maternity Ward", Department::Obstetrics, 6, 2),
    ("e1", "Short Stay Unit", Department::Emergency, 4, 1),
    ("i1", "Intensive Care Ward", Department::IntensiveCare, 8, 1),
];

impl Places {
    /// The bed in which patient `index` lies today.
    pub(crate) fn bed_today(&self, index: u32) -> Option<&Bed> {
        let booked = spread_back(index, self.patients, self.occupied)?;
        self.ward_beds().nth(spread(booked, self.occupied, self.ward_beds().count() as u32) as usize)
    }

    /// The beds of a department.
    pub(crate) fn beds_of(&self, department: Department) -> impl Iterator<Item = &Bed> {
        self.beds.iter().filter(move |bed| bed.department == department)
    }

    /// The beds to which patients are admitted for days.
    fn ward_beds(&self) -> impl Iterator<Item = &Bed> {
        self.beds.iter().filter(|bed| is_for_stays(bed.department))
    }
}

/// The place among `all` that the one number `item` of `some` gets when they are spread evenly.
pub(super) fn spread(item: u32, some: u32, all: u32) -> u32 {
    (u64::from(item) * u64::from(all) / u64::from(some.max(1))) as u32
}

/// Which of `some` items, spread evenly over `all` places, is at `place`: the opposite of [`spread`], for `some` ≤ `all`.
pub(super) fn spread_back(place: u32, all: u32, some: u32) -> Option<u32> {
    let item = (u64::from(place) * u64::from(some)).div_ceil(u64::from(all.max(1))) as u32;
    (item < some && spread(item, some, all) == place).then_some(item)
}

struct Builder<'a> {
    out: &'a mut Vec<Value>,
    departments: &'a [Reference],
    organization: &'a Reference,
}

impl Builder<'_> {
    /// Adds a place inside `parent`. `state` is the status of a bed.
    fn place(&mut self, id: &str, name: &str, kind: (&'static str, &'static str), within: Within, state: Option<Coding>) -> Reference {
        let owner = within.department.map_or(self.organization, |department| &self.departments[department as usize]);
        let physical = Coding::new("http://terminology.hl7.org/CodeSystem/location-physical-type", kind.0, kind.1);
        Draft::new("Location", id)
            .with("identifier", array![object! { "system": format!("{HERE}/location"), "value": id }])
            .with("status", "active")
            .with_some("operationalStatus", state.map(|state| state.value()))
            .with("name", name)
            .with("mode", "instance")
            .with_some("type", within.role.map(|role| array![role.concept()]))
            .with_some("address", within.parent.is_none().then(address))
            .with("physicalType", physical.concept())
            .with("managingOrganization", owner)
            .with_some("partOf", within.parent)
            .add_to(self.out)
            .shown_as(name)
    }
}

/// Where a place lies, whose it is and what it is for.
#[derive(Clone, Copy, Default)]
struct Within<'a> {
    parent: Option<&'a Reference>,
    department: Option<Department>,
    role: Option<Coding>,
}

const fn role(code: &'static str, display: &'static str) -> Coding {
    Coding::new("http://terminology.hl7.org/CodeSystem/v3-RoleCode", code, display)
}

/// Adds all places.
pub(super) fn add(out: &mut Vec<Value>, plan: &Plan, organization: &Reference, departments: &[Reference]) -> Places {
    const BUILDING: (&str, &str) = ("bu", "Building");
    const ROOM: (&str, &str) = ("ro", "Room");
    let mut builder = Builder { out, departments, organization };
    let hospital = Within { role: Some(role("HOSP", "Hospital")), ..Within::default() };
    let main = builder.place("building-main", "Main Building", BUILDING, hospital, None);
    let clinic = builder.place("building-clinic", "Clinic Building", BUILDING, hospital, None);
    let mut room = |id: &str, name: &str, parent: &Reference, department| {
        let within = Within { parent: Some(parent), department: Some(department), role: None };
        builder.place(id, name, ROOM, within, None)
    };
    let emergency_room = room("room-emergency", "Emergency Treatment Room", &main, Department::Emergency);
    let theatre = room("room-theatre-1", "Operating Theatre 1", &main, Department::Surgery);
    room("room-theatre-2", "Operating Theatre 2", &main, Department::Orthopaedics);
    let delivery_room = room("room-delivery", "Delivery Room", &main, Department::Obstetrics);
    let laboratory = room("room-laboratory", "Central Laboratory", &main, Department::Laboratory);
    let xray_room = room("room-xray", "X-ray Room", &main, Department::Radiology);
    room("room-pharmacy", "Dispensary", &main, Department::Pharmacy);
    let consulting_rooms =
        (1..=8).map(|n| room(&format!("room-consulting-{n}"), &format!("Consulting Room {n}"), &clinic, Department::Outpatient)).collect();
    let occupied = (plan.patients / 20).min(beds_for_stays() * 3 / 4);
    let beds = add_wards(&mut builder, &main, occupied);
    Places { beds, emergency_room, theatre, delivery_room, consulting_rooms, laboratory, xray_room, occupied, patients: plan.patients }
}

/// Adds the wards with their rooms and beds, `occupied` of them with somebody in them.
fn add_wards(builder: &mut Builder, main: &Reference, occupied: u32) -> Vec<Bed> {
    let (mut beds, mut number) = (Vec::new(), 0);
    let total = beds_for_stays();
    for ward in &WARDS {
        let (key, name, department, rooms, beds_each) = *ward;
        let role = Some(role("HU", "Hospital unit"));
        let kind = Within { parent: Some(main), department: Some(department), role };
        let ward_place = builder.place(&format!("ward-{key}"), name, ("wa", "Ward"), kind, None);
        for room in 1..=rooms {
            let room_name = format!("{name}, Room {room}");
            let within = Within { parent: Some(&ward_place), department: Some(department), role: None };
            let room_place = builder.place(&format!("room-{key}-{room}"), &room_name, ("ro", "Room"), within, None);
            for bed in 1..=beds_each {
                let is_occupied = is_for_stays(department) && spread_back(number, total, occupied).is_some();
                number += u32::from(is_for_stays(department));
                let (id, name) = (format!("bed-{key}-{room}-{bed}"), format!("{room_name}, Bed {bed}"));
                let within = Within { parent: Some(&room_place), department: Some(department), role: None };
                let location = builder.place(&id, &name, ("bd", "Bed"), within, Some(bed_state(is_occupied)));
                beds.push(Bed { location, department });
            }
        }
    }
    beds
}

fn bed_state(is_occupied: bool) -> Coding {
    let (code, display) = if is_occupied { ("O", "Occupied") } else { ("U", "Unoccupied") };
    Coding::new("http://terminology.hl7.org/CodeSystem/v2-0116", code, display)
}

/// Whether patients are admitted to this department's beds for days.
fn is_for_stays(department: Department) -> bool {
    !matches!(department, Department::Emergency | Department::IntensiveCare)
}

fn beds_for_stays() -> u32 {
    WARDS.iter().filter(|ward| is_for_stays(ward.2)).map(|ward| ward.3 * ward.4).sum()
}

#[cfg(test)]
mod tests {
    use super::{spread, spread_back};

    #[test]
    fn what_is_spread_is_found_again_and_nothing_else() {
        for all in 1..60 {
            for some in 0..=all {
                let places: Vec<u32> = (0..some).map(|item| spread(item, some, all)).collect();
                assert!(places.is_sorted_by(|one, next| one < next) && places.iter().all(|&place| place < all));
                let found: Vec<u32> = (0..all).filter(|&place| spread_back(place, all, some).is_some()).collect();
                assert_eq!(found, places);
                assert!(places.iter().enumerate().all(|(item, &place)| spread_back(place, all, some) == Some(item as u32)));
            }
        }
    }
}
