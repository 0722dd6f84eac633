//! What the codes of the pool mean: a hierarchy of them in three of their systems, and value sets. The fourth system is of no CodeSystem.
//!
//! The same is said twice: as resources, which the servers read, and as tables, by which the second opinion judges what they make of them.

use fhir::{Object, Value, array, object};

use super::pool::{CODES, SYSTEMS};

/// The code above each code, where there is one.
const ABOVE: [(&str, &str); 5] = [("a", "8867-4"), ("ab", "a"), ("b,c", "8867-4"), ("d|e", "b,c"), ("h\\i", "two words")];

/// The names of the value sets: as ids, and at the end of their addresses.
pub const VALUE_SETS: [&str; 4] = ["codes-of-all", "codes-below", "codes-among-many", "codes-but-few"];

/// Whether the system has a CodeSystem.
pub fn is_known(system: &str) -> bool {
    SYSTEMS[..3].contains(&system)
}

/// The address of a value set.
pub fn address(name: &str) -> String {
    format!("http://ward.test/terms/{name}")
}

/// Whether a code is another one or stands below it.
pub fn is_at_or_below(code: &str, other: &str) -> bool {
    code == other || ABOVE.iter().any(|(below, above)| *below == code && is_at_or_below(above, other))
}

/// Whether a code, which is of the pool, is in a value set; `None` for one of another name.
pub fn is_in(name: &str, system: &str, code: &str) -> Option<bool> {
    let known = SYSTEMS.contains(&system) && CODES.contains(&code);
    Some(match name {
        "codes-of-all" => known,
        "codes-below" => known && is_known(system) && is_at_or_below(code, "8867-4"),
        "codes-among-many" => known && [SYSTEMS[0], SYSTEMS[3]].contains(&system),
        "codes-but-few" => known && (system == SYSTEMS[3] || system == SYSTEMS[1] && !is_at_or_below(code, "a")),
        _ => return None,
    })
}

/// The code systems and value sets.
pub fn resources() -> Vec<Value> {
    let systems = SYSTEMS[..3].iter().enumerate().map(|(number, url)| {
        object! {
            "resourceType": "CodeSystem", "id": format!("codes-{number}"), "url": *url, "status": "active", "content": "complete",
            "caseSensitive": true, "concept": CODES.iter().map(|code| concept(code)).collect::<Vec<_>>(),
            "property": array![object! { "code": "parent", "type": "code" }],
        }
    });
    let all = || CODES.iter().map(|code| (*code).to_owned());
    let listed = |system: &str, codes: Vec<String>| {
        let codes: Vec<Value> = codes.into_iter().map(|code| object! { "code": code }).collect();
        object! { "system": system, "concept": codes }
    };
    let below = |system: &str, code: &str| {
        object! { "system": system, "filter": array![object! { "property": "concept", "op": "is-a", "value": code }] }
    };
    let many = |system: &str| listed(system, all().chain((0..200).map(|number| format!("absent {number}"))).collect());
    let sets = [
        (SYSTEMS.iter().map(|system| listed(system, all().collect())).collect::<Vec<_>>(), None),
        (SYSTEMS[..3].iter().map(|system| below(system, "8867-4")).collect(), None),
        (vec![many(SYSTEMS[0]), many(SYSTEMS[3])], None),
        (vec![listed(SYSTEMS[3], all().collect()), object! { "system": SYSTEMS[1] }], Some(below(SYSTEMS[1], "a"))),
    ];
    let sets = VALUE_SETS.iter().zip(sets).map(|(name, (include, exclude))| {
        let mut compose = Object::from_iter([("include", Value::from(include))]);
        exclude.into_iter().for_each(|set| compose.push("exclude", array![set]));
        object! { "resourceType": "ValueSet", "id": *name, "url": address(name), "status": "active", "compose": Value::Object(compose) }
    });
    systems.chain(sets).collect()
}

fn concept(code: &str) -> Value {
    let parent = ABOVE.iter().find(|(below, _)| *below == code);
    let mut concept = Object::from_iter([("code", Value::from(code))]);
    if let Some((_, above)) = parent {
        concept.push("property", array![object! { "code": "parent", "valueCode": *above }]);
    }
    Value::Object(concept)
}
