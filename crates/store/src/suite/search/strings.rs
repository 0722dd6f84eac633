//! Strings.

use crate::encoding::key::TEXT_CAP_BYTES;
use crate::query::Test;
use crate::suite::sample::{exactly, has, sample, text};
use crate::suite::world::World;

pub(in crate::suite) async fn by_beginning_part_and_whole(world: World) {
    world
        .put(vec![
            sample("Observation/1").with("note", text("Anna")).put(),
            sample("Observation/2").with("note", text("ANNA")).with("note", text("Maria")).put(),
            sample("Observation/3").with("note", text("Johanna")).put(),
            sample("Observation/4").with("note", text("")).put(),
            sample("Observation/5").with("note", text("an\0na")).put(),
        ])
        .await;
    let like = |text: &str, least| Test::Like { text: text.into(), least };
    let cases: [(Test, &[&str]); 18] = [
        (Test::StartsWith("an".into()), &["1", "2", "5"]),
        (Test::StartsWith("anna".into()), &["1", "2"]),
        (Test::StartsWith("an\0".into()), &["5"]),
        (Test::StartsWith("".into()), &["1", "2", "3", "4", "5"]),
        (Test::Contains("anna".into()), &["1", "2", "3"]),
        (Test::EndsWith("na".into()), &["1", "2", "3", "5"]),
        (Test::EndsWith("johanna".into()), &["3"]),
        (Test::EndsWith("".into()), &["1", "2", "3", "4", "5"]),
        (like("anna", 1000), &["1", "2"]),
        (like("anne", 870), &["1", "2"]),
        (like("hanna", 750), &["1", "2", "3", "5"]),
        (like("", 1), &[]),
        (Test::Folded("anna".into()), &["1", "2"]),
        (Test::Folded("ann".into()), &[]),
        (Test::Other(Box::new(Test::Folded("anna".into()))), &["2", "3", "4", "5"]),
        (exactly("Anna"), &["1"]),
        (exactly("anna"), &[]),
        (exactly(""), &["4"]),
    ];
    for (test, expected) in cases {
        assert_eq!(world.set(has("note", test.clone())).await, expected, "{test:?}");
    }
}

pub(in crate::suite) async fn long_ones(mut world: World) {
    let long = "x".repeat(TEXT_CAP_BYTES);
    let huge = "y".repeat(1_000_000);
    let with = |id: &str, exact: &str| sample(id).with("note", text(exact)).put();
    let put = vec![
        with("Observation/1", &long),
        with("Observation/2", &format!("{long}a")),
        with("Observation/3", &format!("{long}b")),
        with("Observation/4", &huge),
    ];
    world.put(put).await;
    world.restart().await;
    let starts = |with: String| has("note", Test::StartsWith(with.into()));
    assert_eq!(world.set(starts(long.clone())).await, ["1", "2", "3"]);
    assert_eq!(world.set(starts(format!("{long}a"))).await, ["2"]);
    assert_eq!(world.set(starts(format!("{long}c"))).await, Vec::<String>::new());
    assert_eq!(world.set(has("note", exactly(&format!("{long}b")))).await, ["3"]);
    assert_eq!(world.set(has("note", exactly(&long))).await, ["1"]);
    assert_eq!(world.set(starts(huge.clone())).await, ["4"]);
    assert_eq!(world.set(has("note", Test::Contains(format!("{}a", &long[..9]).into()))).await, ["2"]);
    world.put(vec![with("Observation/4", "short")]).await;
    assert_eq!(world.set(starts(huge)).await, Vec::<String>::new());
}
