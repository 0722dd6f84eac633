//! Composites.

use crate::entry::EntryValue;
use crate::query::{Compare, Test};
use crate::suite::sample::{around, coded, has, number, sample, token};
use crate::suite::world::World;

pub(in crate::suite) async fn component_by_component(mut world: World) {
    let pair = |code, value| EntryValue::Composite(vec![token("s", code), number(value)]);
    world
        .put(vec![
            sample("Observation/1").with("code-value", pair("a", "1")).with("code-value", pair("b", "2")).put(),
            sample("Observation/2").with("code-value", pair("a", "2")).put(),
            sample("Observation/3").with("code-value", token("s", "a")).put(),
        ])
        .await;
    world.restart().await;
    let both = |code, value| Test::Composite(vec![coded(code), Test::Number(Compare::Equal, around(value, "0.5"))]);
    assert_eq!(world.set(has("code-value", both("a", "1"))).await, ["1"]);
    assert_eq!(world.set(has("code-value", both("a", "2"))).await, ["2"], "not components of two values");
    assert_eq!(world.set(has("code-value", both("s|", "2"))).await, ["1", "2"]);
    assert_eq!(world.set(has("code-value", Test::Composite(vec![coded("a")]))).await, Vec::<String>::new());
    assert_eq!(world.set(has("code-value", coded("a"))).await, ["3"]);
}
