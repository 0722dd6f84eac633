//! What is true of every policy: a denial never allows more, a narrower scope neither, and what is not known is refused.

use access::{ACTS, Act, Principal, Scopes};

use crate::random::Random;
use crate::world::{TENANT, World, key, kind, policy, scoped};

const TYPES: [&str; 4] = ["Patient", "Observation", "Encounter", "Practitioner"];

async fn hospital() -> World {
    let world = World::new();
    let mut texts = Vec::new();
    for (index, patient) in ["1", "2", "3"].into_iter().enumerate() {
        let label = if index == 1 {
            r#","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]}"#
        } else {
            ""
        };
        let gp = if index == 0 { r#","generalPractitioner":[{"reference":"Practitioner/1"}]"# } else { "" };
        texts.push(format!(r#"{{"resourceType":"Patient","id":"{patient}"{gp}}}"#));
        texts.push(format!(r#"{{"resourceType":"Observation","id":"{patient}","status":"final","code":{{"text":"x"}},"subject":{{"reference":"Patient/{patient}"}}{label}}}"#));
        texts.push(format!(r#"{{"resourceType":"Encounter","id":"{patient}","status":"in-progress","class":{{"code":"AMB"}},"subject":{{"reference":"Patient/{patient}"}}{label}}}"#));
        texts.push(format!(r#"{{"resourceType":"Practitioner","id":"{patient}"}}"#));
    }
    world.put(&texts.iter().map(String::as_str).collect::<Vec<_>>()).await;
    world
}

fn types(random: &mut Random) -> String {
    let some: Vec<String> = TYPES.iter().filter(|_| random.chance(2)).map(|name| format!("\"{name}\"")).collect();
    if some.is_empty() { "\"*\"".to_owned() } else { some.join(",") }
}

fn acts(random: &mut Random) -> String {
    let some: Vec<&str> = ["\"read\"", "\"search\"", "\"update\"", "\"create\""].into_iter().filter(|_| random.chance(2)).collect();
    if some.is_empty() { "\"*\"".to_owned() } else { some.join(",") }
}

/// A rule that allows or denies.
fn rule(random: &mut Random, effect: &str) -> String {
    let mut more = String::new();
    if random.chance(2) {
        let extra: &str = random.pick::<&str>(&[
            r#", "criteria": "_id=1""#,
            r#", "criteria": "_id=2,3""#,
            r#", "criteria": "_id=%patient""#,
            r#", "criteria": "_security=R""#,
        ]);
        more.push_str(extra);
    }
    if effect == "allow" && random.chance(2) {
        let extra: &str = random.pick::<&str>(&[
            r#", "clearance": "R""#,
            r#", "clearance": "V""#,
            r#", "secondFactor": true"#,
            r#", "breakGlass": true"#,
        ]);
        more.push_str(extra);
    }
    if random.chance(4) {
        let extra: &str =
            random.pick::<&str>(&[r#", "purposes": ["TREAT"]"#, r#", "hours": [{"until": "12:00"}]"#, r#", "users": ["Practitioner"]"#]);
        more.push_str(extra);
    }
    format!(r#"{{"name": "r", "effect": "{effect}", "types": [{}], "acts": [{}]{more}}}"#, types(random), acts(random))
}

fn rules(random: &mut Random) -> Vec<String> {
    let mut rules: Vec<String> = (0..1 + random.below(4)).map(|_| rule(random, "allow")).collect();
    rules.extend((0..random.below(2)).map(|_| rule(random, "deny")));
    rules
}

fn principal(random: &mut Random) -> Principal {
    let base = crate::world::user("u", random.chance(2).then_some("Practitioner/1"));
    let base = Principal { patient: random.chance(2).then(|| "2".into()), purpose: random.chance(3).then(|| "TREAT".into()), ..base };
    let base = if random.chance(4) { crate::world::breaking(base, "3") } else { base };
    if random.chance(3) { Principal { scopes: Some(random.scopes()), ..base } } else { base }
}

/// Everything that somebody may do, as act, type and id.
async fn all(world: &World, principal: &Principal) -> Vec<(Act, &'static str, String)> {
    let mut found = Vec::new();
    for name in TYPES {
        for act in ACTS {
            found.extend(world.may(principal, act, name).await.into_iter().map(|id| (act, name, id)));
        }
    }
    found
}

fn set(world: &World, rules: &[String]) {
    world.access.put_user(TENANT, "u", vec![policy(&rules.join(","))]);
}

#[tokio::test]
async fn a_denial_never_allows_more() {
    let world = hospital().await;
    let mut random = Random::new(0x0de_417);
    let mut narrowed = 0;
    for round in 0..100 {
        let (mut rules, principal) = (rules(&mut random), principal(&mut random));
        set(&world, &rules);
        let before = all(&world, &principal).await;
        rules.push(rule(&mut random, "deny"));
        set(&world, &rules);
        let after = all(&world, &principal).await;
        assert!(after.iter().all(|each| before.contains(each)), "round {round}: {rules:#?}\n{principal:?}");
        narrowed += usize::from(after.len() < before.len());
    }
    assert!(narrowed > 20, "only {narrowed} of the denials denied something");
}

#[tokio::test]
async fn taking_a_rule_away_that_allows_never_allows_more() {
    let world = hospital().await;
    let mut random = Random::new(0xa11_0e5);
    for round in 0..60 {
        let (mut rules, principal) = (rules(&mut random), principal(&mut random));
        set(&world, &rules);
        let before = all(&world, &principal).await;
        rules.remove(0);
        world.access.put_user(TENANT, "u", if rules.is_empty() { Vec::new() } else { vec![policy(&rules.join(","))] });
        let after = all(&world, &principal).await;
        assert!(after.iter().all(|each| before.contains(each)), "round {round}: {rules:#?}\n{principal:?}");
    }
}

#[tokio::test]
async fn a_narrower_scope_never_allows_more() {
    let world = hospital().await;
    let mut random = Random::new(0x5c09e);
    let mut compared = 0;
    for round in 0..80 {
        // All that is lost is lost to the scopes and to the denials.
        let mut rules = rules(&mut random);
        rules.push(r#"{"name": "e", "types": ["*"], "acts": ["*"], "clearance": "V"}"#.to_owned());
        set(&world, &rules);
        let principal = Principal { scopes: None, ..principal(&mut random) };
        let one = random.scopes();
        let candidates: Vec<Scopes> = (0..6).map(|_| random.scopes()).collect();
        let two = candidates.into_iter().max_by_key(|two| one.narrowed(two).resources.len()).expect("there are six");
        let of = |scopes: Scopes| Principal { scopes: Some(scopes), ..principal.clone() };
        let wide = all(&world, &of(one.clone())).await;
        let both = all(&world, &of(one.narrowed(&two))).await;
        let without = all(&world, &principal).await;
        assert!(both.iter().all(|each| wide.contains(each)), "round {round}: {one} narrowed by {two}");
        assert!(wide.iter().all(|each| without.contains(each)), "round {round}: {one}");
        compared += usize::from(!both.is_empty());
    }
    assert!(compared > 8, "only {compared} narrowings left something");
}

#[tokio::test]
async fn what_is_not_known_is_refused() {
    let world = hospital().await;
    let mut random = Random::new(0x0_bad);
    for _ in 0..50 {
        let name: String = (0..1 + random.below(12)).map(|_| char::from(b'a' + random.below(26) as u8)).collect();
        let somebody =
            Principal { roles: vec![crate::world::assignment(&name, None, None)], ..crate::world::user(&name, Some("Practitioner/1")) };
        if access::role::get(&name).is_none() {
            assert!(all(&world, &somebody).await.is_empty(), "{name}");
        }
    }
    let nobody = scoped(crate::world::user("nobody", Some("Practitioner/1")), "user/*.cruds");
    assert!(all(&world, &nobody).await.is_empty());
    assert_eq!(*world.grant(&nobody).await.verdict(kind("Patient"), Act::Read), access::Verdict::Refused);
    assert_eq!(key("Patient/1").to_string(), "Patient/1");
}
