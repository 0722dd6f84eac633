//! References and uris.

use crate::query::Test;
use crate::suite::sample::{has, local, sample, uri};
use crate::suite::world::World;

pub(in crate::suite) async fn local_and_outside(world: World) {
    world
        .put(vec![
            sample("Observation/1").with("subject", local("Patient/1")).put(),
            sample("Observation/2").with("subject", local("Patient/10")).with("subject", local("Group/1")).put(),
            sample("Observation/3").with("subject", uri("http://elsewhere/Patient/1", "")).put(),
        ])
        .await;
    assert_eq!(world.set(has("subject", Test::Local("Patient/1".into()))).await, ["1"]);
    assert_eq!(world.set(has("subject", Test::Local("Group/1".into()))).await, ["2"]);
    assert_eq!(world.set(has("subject", Test::Local("Patient/2".into()))).await, Vec::<String>::new());
    let outside = Test::Uri { uri: "http://elsewhere/Patient/1".into(), version: None };
    assert_eq!(world.set(has("subject", outside)).await, ["3"]);
}

pub(in crate::suite) async fn uris_above_and_below(world: World) {
    let uris = [
        ("http://a", ""),
        ("http://a/b", "1"),
        ("http://a/b", "2"),
        ("http://a/b/c", ""),
        ("http://a/bc", ""),
        ("urn:x", ""),
        ("urn:x", "1.0"),
        ("urn:x", "1.0.2"),
        ("urn:x", "1.01"),
    ];
    let put = uris.iter().enumerate().map(|(id, (at, version))| sample(&format!("Observation/{id}")).with("url", uri(at, version)).put());
    world.put(put.collect()).await;
    let versioned = |version: Option<&str>| Test::Uri { uri: "http://a/b".into(), version: version.map(Box::from) };
    let version = |uri: &str, below: &str| Test::UriOfVersion { uri: uri.into(), below: below.into() };
    let cases: [(Test, &[&str]); 12] = [
        (versioned(None), &["1", "2"]),
        (versioned(Some("2")), &["2"]),
        (versioned(Some("")), &[]),
        (version("urn:x", "1.0"), &["6", "7"]),
        (version("urn:x", "1"), &["6", "7", "8"]),
        (version("urn:x", ""), &["5"]),
        (version("http://a", "1"), &[]),
        (Test::UriBelow("http://a".into()), &["0", "1", "2", "3", "4"]),
        (Test::UriBelow("http://a/b".into()), &["1", "2", "3"]),
        (Test::UriBelow("http".into()), &[]),
        (Test::UriAbove("http://a/b/c/d".into()), &["0", "1", "2", "3"]),
        (Test::UriAbove("http://a/b".into()), &["0", "1", "2"]),
    ];
    for (test, expected) in cases {
        assert_eq!(world.set(has("url", test.clone())).await, expected, "{test:?}");
    }
}
