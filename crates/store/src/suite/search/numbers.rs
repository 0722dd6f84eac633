//! Numbers and quantities.

use crate::entry::EntryValue;
use crate::query::Compare::{self, *};
use crate::query::Test;
use crate::suite::sample::{around, has, number, quantity, range, sample};
use crate::suite::world::World;

pub(in crate::suite) async fn by_prefix(world: World) {
    let between = |low, high| EntryValue::Number(range(low, high));
    let values = [
        number("100"),
        number("99.5"),
        number("99.49999"),
        number("100.5"),
        number("-100"),
        between(Some("50"), Some("100")),
        between(Some("101"), None),
        between(None, Some("100.2")),
    ];
    let put = values.into_iter().enumerate().map(|(id, value)| sample(&format!("Observation/{id}")).with("score", value).put());
    world.put(put.collect()).await;
    let cases: [(Compare, &[&str]); 9] = [
        (Equal, &["0", "1"]),
        (NotEqual, &["2", "3", "4", "5", "6", "7"]),
        (Greater, &["3", "6", "7"]),
        (Less, &["1", "2", "4", "5", "7"]),
        (GreaterOrEqual, &["0", "3", "5", "6", "7"]),
        (LessOrEqual, &["0", "1", "2", "4", "5", "7"]),
        (StartsAfter, &["3", "6"]),
        (EndsBefore, &["1", "2", "4"]),
        (Approximately, &["0", "1", "5", "7"]),
    ];
    for (compare, expected) in cases {
        let asked = Test::Number(compare, around("100", "0.5"));
        assert_eq!(world.set(has("score", asked)).await, expected, "{compare:?}");
    }
    let exactly = Test::Number(Equal, around("99.5", "0"));
    assert_eq!(world.set(has("score", exactly)).await, ["1"]);
}

pub(in crate::suite) async fn with_units(world: World) {
    let ucum = "http://unitsofmeasure.org";
    world
        .put(vec![
            sample("Observation/1").with("value", quantity("5", ucum, "mg")).put(),
            sample("Observation/2").with("value", quantity("5", "", "mg")).put(),
            sample("Observation/3").with("value", quantity("5", ucum, "g")).put(),
            sample("Observation/4").with("value", quantity("7", ucum, "mg")).put(),
            sample("Observation/5").with("value", number("5")).put(),
        ])
        .await;
    let asked = |compare, system: Option<&str>, unit: Option<&str>| Test::Quantity {
        compare,
        range: around("5", "0.5"),
        system: system.map(Box::from),
        unit: unit.map(Box::from),
    };
    let cases: [(_, _, _, &[&str]); 7] = [
        (Equal, None, None, &["1", "2", "3"]),
        (Equal, Some(ucum), Some("mg"), &["1"]),
        (Equal, Some(""), Some("mg"), &["2"]),
        (Equal, None, Some("mg"), &["1", "2"]),
        (Equal, Some(ucum), None, &["1", "3"]),
        (Greater, None, Some("mg"), &["4"]),
        (NotEqual, Some(ucum), Some("mg"), &["4"]),
    ];
    for (compare, system, unit, expected) in cases {
        assert_eq!(world.set(has("value", asked(compare, system, unit))).await, expected, "{compare:?} {system:?} {unit:?}");
    }
}
