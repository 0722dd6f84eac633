//! Tokens.

use crate::query::Filter;
use crate::suite::sample::{coded, has, param, sample, token};
use crate::suite::world::World;

pub(in crate::suite) async fn by_system_and_code(world: World) {
    world
        .put(vec![
            sample("Observation/1").with("code", token("s", "a")).put(),
            sample("Observation/2").with("code", token("", "a")).put(),
            sample("Observation/3").with("code", token("s", "ab")).with("code", token("t", "b")).put(),
            sample("Observation/4").with("code", token("st", "")).put(),
            sample("Observation/5").with("other", token("s", "a")).put(),
            sample("Patient/6").with("code", token("s", "a")).put(),
        ])
        .await;
    let cases: [(&str, &[&str]); 9] = [
        ("a", &["1", "2"]),
        ("s|a", &["1"]),
        ("|a", &["2"]),
        ("s|", &["1", "3"]),
        ("t|", &["3"]),
        ("st|", &["4"]),
        ("t|ab", &[]),
        ("b", &["3"]),
        ("A", &[]),
    ];
    for (asked, expected) in cases {
        assert_eq!(world.set(has("code", coded(asked))).await, expected, "{asked}");
    }
    assert_eq!(world.set(Filter::Present(param("code"))).await, ["1", "2", "3", "4"]);
    assert_eq!(world.set(Filter::Not(Box::new(has("code", coded("a"))))).await, ["3", "4", "5"]);
}
