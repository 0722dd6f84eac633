//! How the synthetic edition is made from a seed.
//!
//! Its concepts are numbers; the last ones are the metadata that the language names. Every seventh is inactive, and has neither parents nor relationships.

use ecl::ConceptState;
use fhir::primitive::Decimal;
use published::Random;

use crate::synthetic::{Made, MadeDescription, MadeField, MadeRow, MadeValue, Synthetic};

/// Modules, types of descriptions, acceptabilities, dialects, statuses, and the historical associations with what is above them.
pub const METADATA: [u64; 15] = [
    900000000000207008,
    900000000000012004,
    900000000000013009,
    900000000000003001,
    900000000000550004,
    900000000000548007,
    900000000000549004,
    900000000000509007,
    900000000000508004,
    900000000000074008,
    900000000000073002,
    900000000000522004,
    900000000000527005,
    900000000000526001,
    900000000000530003,
];

/// How many concepts are not metadata.
pub const CONCEPTS: u32 = 40;
/// These are attributes.
pub const ATTRIBUTES: [u32; 4] = [1, 2, 3, 5];
/// These are reference sets, beside the last three of the metadata.
pub const SETS: [u32; 3] = [4, 6, 8];
pub const TIMES: [Option<u32>; 4] = [None, Some(20200131), Some(20210131), Some(20220131)];
pub const WORDS: [&str; 6] = ["heart", "Heart*beat", "attack", "asthma", "héart", "left (side)"];
pub const TEXTS: [&str; 3] = ["PANADOL", "J45.9", "a \"b\" c"];
pub const NUMBERS: [&str; 4] = ["1", "2.50", "-3", "100"];

/// The identifier of a concept by its number.
pub fn id_of(number: u32) -> u64 {
    match number.checked_sub(CONCEPTS) {
        Some(place) => METADATA[place as usize],
        None => 100_000 + u64::from(number) * 1009,
    }
}

pub fn make(seed: u64) -> Synthetic {
    let mut random = Random::new(seed);
    let total = CONCEPTS + METADATA.len() as u32;
    let concepts = (0..total).map(|number| concept(number, &mut random)).collect();
    Synthetic { concepts, keeps_sets: seed.is_multiple_of(2) }
}

fn concept(number: u32, random: &mut Random) -> Made {
    let active = number % 7 != 6 || number >= CONCEPTS || SETS.contains(&number);
    let is_set = SETS.contains(&number) || number >= CONCEPTS + 12;
    Made {
        id: id_of(number),
        state: ConceptState { active, defined: random.one_in(2), module: random.pick(&METADATA[..2]), effective_time: random.pick(&TIMES) },
        parents: if active { parents(number, random) } else { Vec::new() },
        relationships: if active && number < CONCEPTS { relationships(random) } else { Vec::new() },
        descriptions: (0..random.below(4)).map(|place| description(number, place as u64, random)).collect(),
        rows: if is_set { (0..=random.below(12)).map(|_| row(number, random)).collect() } else { Vec::new() },
    }
}

/// Active concepts below it: one, two or three. The last three of the metadata are below the historical association.
fn parents(number: u32, random: &mut Random) -> Vec<u32> {
    match number {
        0 => Vec::new(),
        number if number >= CONCEPTS + 12 => vec![CONCEPTS + 11],
        number => {
            let limit = number.min(CONCEPTS) as usize;
            let mut parents: Vec<u32> =
                (0..=random.below(3)).map(|_| random.below(limit) as u32).filter(|parent| parent % 7 != 6).collect();
            parents.sort_unstable();
            parents.dedup();
            if parents.is_empty() { vec![0] } else { parents }
        }
    }
}

fn relationships(random: &mut Random) -> Vec<(u32, u32, MadeValue)> {
    let made = (0..random.below(6)).map(|_| {
        let value = match random.below(8) {
            0 => MadeValue::Number(number(random)),
            1 => MadeValue::Text(random.pick(&TEXTS)),
            2 => MadeValue::Boolean(random.one_in(2)),
            _ => MadeValue::Concept(random.below(CONCEPTS as usize) as u32),
        };
        (random.pick(&ATTRIBUTES), random.below(3) as u32, value)
    });
    made.collect()
}

fn number(random: &mut Random) -> Decimal {
    Decimal::parse(random.pick(&NUMBERS)).expect("it is a number")
}

fn description(of: u32, place: u64, random: &mut Random) -> MadeDescription {
    let words: Vec<&str> = (0..=random.below(3)).map(|_| random.pick(&WORDS)).collect();
    MadeDescription {
        id: 5_000_000 + u64::from(of) * 100 + place,
        active: !random.one_in(4),
        module: random.pick(&METADATA[..2]),
        time: random.pick(&TIMES),
        term: words.join(" "),
        language: if random.one_in(3) { "sv" } else { "en" },
        kind: random.pick(&METADATA[2..5]),
        dialects: (0..random.below(3)).map(|_| (random.pick(&METADATA[7..9]), random.pick(&METADATA[5..7]))).collect(),
    }
}

fn row(set: u32, random: &mut Random) -> MadeRow {
    let concept = id_of(random.below(CONCEPTS as usize) as u32);
    let fields = match set {
        4 => Vec::new(),
        6 => vec![
            ("mapTarget", MadeField::Text(random.pick(&TEXTS))),
            ("mapGroup", MadeField::Number(number(random))),
            ("mapValue", MadeField::Component(id_of(random.below(CONCEPTS as usize) as u32))),
        ],
        8 => vec![("flag", MadeField::Boolean(random.one_in(2))), ("since", MadeField::Time(random.pick(&TIMES)))],
        _ => vec![("targetComponentId", MadeField::Component(id_of(random.below(CONCEPTS as usize) as u32)))],
    };
    MadeRow {
        active: !random.one_in(4),
        module: random.pick(&METADATA[..2]),
        time: random.pick(&TIMES),
        // Some rows are about descriptions.
        referenced: if random.one_in(6) { 5_000_000 } else { concept },
        fields,
    }
}
