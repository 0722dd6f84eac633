//! Random resources, made from FHIR's definitions.
//!
//! Every element of every type can come, with any of its types. Values come from small sets, so that searches hit: dates at the edges of days,
//! months, years and zones, numbers of every size and precision, texts with accents, widths and the letters that searches give a meaning.
//! References lead to other resources of the same set, in all the forms that FHIR has. Elements that search parameters look at come more often.

mod element;
pub mod meaning;
mod planted;
pub mod pool;
mod primitive;
mod reference;
mod special;
mod wanted;

use std::collections::HashMap;

use fhir::definitions::{ResourceType, definitions};
use fhir::{Object, Value};

use crate::random::Random;
use wanted::Wanted;

/// Makes resources of one type.
pub struct Generator {
    random: Random,
    kind: ResourceType,
    wanted: Wanted,
    /// The resources that the one being made contains: their types and ids.
    contained: Vec<(ResourceType, &'static str)>,
    /// Whether what is being made is contained in another resource.
    is_contained: bool,
    /// The number of the resource among those of its type.
    turn: usize,
    /// How many elements may still come, beside those that must.
    room: usize,
}

/// The ids of the first resources of a type: the same for each type, so that an id alone says little.
pub const IDS: [&str; 10] = ["1", "2", "10", "a-1", "A-1", "x.9", "0b1d4c7e-5a0e-4a4b-9f5a-0d6d7a7d1c11", "aa", "ab", "zz"];

/// The types to which others refer most.
pub const FREQUENT: [&str; 8] =
    ["Patient", "Practitioner", "Organization", "Observation", "Encounter", "Location", "Medication", "Composition"];

/// How many elements a resource has at most, beside those that must come.
const ROOM: usize = 260;

/// The resources that `seed` makes: of each type one for each of [`IDS`], and more of the types that have many search parameters.
pub fn resources(seed: u64) -> Vec<Value> {
    let most = ResourceType::all().map(how_many).max().unwrap_or_default();
    let plantings: HashMap<_, _> = ResourceType::all().map(|kind| (kind, planted::plantings(kind))).collect();
    let mut made = Vec::new();
    for number in 0..most {
        let id = IDS.get(number).map_or_else(|| format!("r{number}"), |id| (*id).to_owned());
        let kinds = ResourceType::all().filter(|kind| number < how_many(*kind));
        made.extend(kinds.map(|kind| {
            let mut generator = Generator::new(kind, seed, (number << 8 | kind.index()) as u64);
            let mut resource = generator.resource(&id);
            let planted = plantings.get(&kind).into_iter().flatten().filter(|planting| planting.at == number);
            planted.for_each(|planting| generator.plant(&mut resource, planting));
            resource
        }));
    }
    made
}

/// How many resources of a type are made.
fn how_many(kind: ResourceType) -> usize {
    let own = definitions().search_parameters().iter().filter(|parameter| parameter.bases.contains(&kind.name()));
    IDS.len() + own.count() / 2
}

impl Generator {
    /// The generator number `stream` of those that belong to `seed`.
    pub fn new(kind: ResourceType, seed: u64, stream: u64) -> Self {
        let random = Random::new(seed, stream);
        Self {
            random,
            kind,
            wanted: Wanted::of(kind),
            contained: Vec::new(),
            is_contained: false,
            turn: (stream >> 8) as usize,
            room: ROOM,
        }
    }

    /// A resource with this id.
    pub fn resource(&mut self, id: &str) -> Value {
        let of = definitions().resource(self.kind);
        let mut object = Object::new();
        object.set("resourceType", self.kind.name());
        object.set("id", id);
        if of.element("contained").is_some() && self.random.chance(20) {
            let contained = self.containees();
            object.set("contained", contained);
        }
        self.fill(&mut object, of, 0);
        // An active one would be taken at its word, and made of random parts it means nothing.
        if self.kind.name() == "SearchParameter" && object.get("status").and_then(Value::as_str) == Some("active") {
            object.set("status", "retired");
        }
        Value::Object(object)
    }

    /// One or two resources to be contained.
    fn containees(&mut self) -> Vec<Value> {
        let ids = ["c1", "c2"];
        let count = 1 + self.random.below(2);
        let mut made = Vec::new();
        for id in &ids[..count] {
            let kind = self.random_type();
            made.push(self.nested(kind, Some(id)));
            self.contained.push((kind, id));
        }
        made
    }

    /// A resource inside this one: contained when it has an id for that, otherwise in an entry or a parameter.
    fn nested(&mut self, kind: ResourceType, contained: Option<&str>) -> Value {
        let mut inner = Self {
            random: Random::new(self.random.below(usize::MAX) as u64, 0),
            kind,
            wanted: Wanted::of(kind),
            contained: Vec::new(),
            is_contained: contained.is_some(),
            turn: self.turn,
            room: (self.room / 4).min(25),
        };
        let mut object = Object::new();
        object.set("resourceType", kind.name());
        object.set("id", contained.unwrap_or(self.random.pick(&IDS)));
        inner.fill(&mut object, definitions().resource(kind), 2);
        Value::Object(object)
    }

    /// The type of a resource in an entry: of a Bundle mostly what documents and messages begin with.
    fn entry_type(&mut self) -> ResourceType {
        let begins = ResourceType::parse(self.random.pick(&["Composition", "MessageHeader"]));
        begins.filter(|_| self.kind.name() == "Bundle" && self.random.chance(60)).unwrap_or_else(|| self.random_type())
    }

    /// A type of resource: those that many refer to more often.
    fn random_type(&mut self) -> ResourceType {
        if self.random.chance(70)
            && let Some(kind) = ResourceType::parse(self.random.pick(&FREQUENT))
        {
            return kind;
        }
        let all: Vec<ResourceType> = ResourceType::all().collect();
        self.random.pick(&all)
    }
}
