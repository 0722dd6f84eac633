//! What cannot be understood: it makes a provision that denies deny more, and one that permits permit nothing.

use access::Principal;

use super::{ALL, doctor, hospital, of, provision, seen};

/// A member of a provision that nobody can tell the meaning of.
const UNCLEAR: [&str; 6] = [
    r#""securityLabel":[{"display":"whatever"}]"#,
    r#""action":[{"text":"whatever"}]"#,
    r#""action":[{"coding":[{"code":"whatever"}]}]"#,
    r#""purpose":[{"display":"whatever"}]"#,
    r#""dataPeriod":{"id":"whatever"}"#,
    r#""modifierExtension":[{"url":"http://example.org/not","valueBoolean":true}]"#,
];

#[tokio::test]
async fn what_permits_permits_nothing() {
    let world = hospital().await;
    let researcher = Principal { purpose: Some("HRESCH".into()), ..doctor(&world) };
    for inside in UNCLEAR {
        world.put(&[&provision("c", &format!(r#""type":"permit",{inside}"#))]).await;
        assert!(seen(&world, &researcher).await.is_empty(), "{inside}");
        let exception = format!(r#""type":"deny","provision":[{{"type":"permit",{inside}}}]"#);
        world.put(&[&provision("c", &exception)]).await;
        assert_eq!(seen(&world, &doctor(&world)).await, ["o-bob"], "{inside}");
    }
    for more in [r#""modifierExtension":[{"url":"http://example.org/not"}]"#, r#""implicitRules":"http://example.org/rules""#] {
        world.put(&[&of("ada", "c", &format!(r#",{more},"provision":{{"type":"permit"}}"#))]).await;
        assert!(seen(&world, &researcher).await.is_empty(), "{more}");
    }
    world.put(&[&provision("c", r#""type":"permit""#)]).await;
    assert_eq!(seen(&world, &researcher).await, ["o-ada", "o-old", "c-ada"]);
}

#[tokio::test]
async fn what_is_known_beside_it_counts() {
    let world = hospital().await;
    let researcher = Principal { purpose: Some("HRESCH".into()), ..doctor(&world) };
    for inside in [
        r#""action":[{"coding":[{"code":"whatever"}]},{"coding":[{"code":"access"}]}]"#,
        r#""purpose":[{"display":"whatever"},{"code":"HRESCH"}]"#,
    ] {
        world.put(&[&provision("c", &format!(r#""type":"permit",{inside}"#))]).await;
        assert_eq!(seen(&world, &researcher).await, ["o-ada", "o-old", "c-ada"], "{inside}");
    }
    world.put(&[&provision("c", r#""type":"permit","securityLabel":[{"display":"whatever"},{"system":"urn:x","code":"PSY"}]"#)]).await;
    assert_eq!(seen(&world, &researcher).await, ["c-ada"]);
}

#[tokio::test]
async fn what_denies_denies_more() {
    let world = hospital().await;
    let doctor = doctor(&world);
    let paying = Principal { purpose: Some("HPAYMT".into()), ..doctor.clone() };
    for inside in UNCLEAR {
        world.put(&[&provision("c", &format!(r#""type":"deny",{inside}"#))]).await;
        assert_eq!(seen(&world, &paying).await, ["o-bob"], "{inside}");
    }
    world.put(&[&provision("c", r#""type":"deny","securityLabel":[{"display":"whatever"},{"system":"urn:x","code":"PSY"}]"#)]).await;
    assert_eq!(seen(&world, &doctor).await, ["o-bob"]);
    world.put(&[&provision("c", r#""type":"deny","purpose":[{"code":"HRESCH"}]"#)]).await;
    assert_eq!(seen(&world, &paying).await, ALL, "a purpose that is known, and another");
}
