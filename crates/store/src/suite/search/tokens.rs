//! Tokens.

use crate::entry::Token;
use crate::query::{Filter, Query, Test, TokenSet};
use crate::suite::sample::{coded, has, param, query, sample, token};
use crate::suite::world::{World, ids};

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

/// The tokens `system|code`, and so many more that no resource has.
fn among(tokens: &[&str], absent: usize) -> Test {
    let token = |(system, code): (&str, String)| Token { code: code.into(), system: system.into() };
    let asked = tokens.iter().filter_map(|text| text.split_once('|')).map(|(system, code)| token((system, code.to_owned())));
    let absent = (0..absent).map(|number| token(("s", format!("a{number}"))));
    Test::AmongTokens(asked.chain(absent).collect::<TokenSet>())
}

pub(in crate::suite) async fn among_many(world: World) {
    world
        .put(vec![
            sample("Observation/1").with("code", token("s", "a")).put(),
            sample("Observation/2").with("code", token("", "a")).put(),
            sample("Observation/3").with("code", token("s", "ab")).with("code", token("t", "b")).put(),
            sample("Observation/4").with("code", token("", "")).put(),
            sample("Observation/5").put(),
            sample("Observation/6").with("code", token("s", &"long".repeat(100))).put(),
        ])
        .await;
    let long = format!("s|{}", "long".repeat(100));
    let cases: [(&[&str], &[&str]); 8] = [
        (&[], &[]),
        (&["s|a"], &["1"]),
        (&["s|a", "t|b", "s|ab"], &["1", "3"]),
        (&["t|a", "s|b"], &[]),
        (&["|a"], &["2"]),
        (&["s|A"], &[]),
        (&[&long], &["6"]),
        (&[&format!("{long}r")], &[]),
    ];
    for absent in [0, 3, 1000] {
        for (asked, expected) in cases {
            assert_eq!(world.set(has("code", among(asked, absent))).await, expected, "{asked:?} and {absent} more");
        }
        let set = || has("code", among(&["s|a", "t|b"], absent));
        // What has no code, or only a text, is in no set.
        assert_eq!(world.set(Filter::Not(Box::new(set()))).await, ["2", "4", "5", "6"], "{absent} more");
        assert_eq!(world.set(has("code", Test::Other(Box::new(among(&["s|a", "t|b"], absent))))).await, ["2", "3", "4", "6"]);
        let both = Filter::All(vec![set(), has("code", coded("ab"))]);
        assert_eq!(world.set(both).await, ["3"]);
        let either = Filter::Any(vec![set(), has("code", among(&["|a"], absent))]);
        assert_eq!(world.set(either).await, ["1", "2", "3"]);
        let page = world.search(&Query { count: 1, total: true, ..query(set()) }).await;
        assert_eq!((ids(&page.matches).len(), page.total), (1, Some(2)));
    }
}

/// A token of a set of thousands that many resources have, and many that are not in it.
pub(in crate::suite) async fn among_many_of_many(world: World) {
    let code = |number: usize| match number % 4 {
        0 => token("s", "a7"),
        1 => token("s", "b"),
        2 => token("t", &format!("a{number}")),
        _ => token("s", &format!("a{number}")),
    };
    world.put((0..400).map(|number| sample(&format!("Observation/{number}")).with("code", code(number)).put()).collect()).await;
    let asked = |absent| query(has("code", among(&[], absent)));
    let total = async |absent| world.search(&Query { count: 3, total: true, ..asked(absent) }).await.total;
    assert_eq!(total(4000).await, Some(200));
    assert_eq!(total(200).await, Some(150));
    assert_eq!(total(0).await, Some(0));
}
