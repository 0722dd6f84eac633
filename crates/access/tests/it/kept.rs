//! Grants are kept as long as they are true, and not a moment longer.

use std::sync::Arc;

use access::{Act, Principal, Verdict};

use crate::world::{HOUR, NOW, TENANT, World, breaking, kind, policy, user, with_role};

#[tokio::test]
async fn the_same_grant_is_given_again() {
    let world = World::new();
    let principal = with_role("physician", Some("Practitioner/p"));
    let first = world.grant(&principal).await;
    assert!(Arc::ptr_eq(&first, &world.grant(&principal.clone()).await));
    let other = Principal { purpose: Some("TREAT".into()), ..principal };
    assert!(!Arc::ptr_eq(&first, &world.grant(&other).await));
}

#[tokio::test]
async fn what_is_taken_away_is_gone_at_once() {
    let world = World::new();
    let read = r#"{"name": "r", "types": ["Patient"], "acts": ["read"], "clearance": "V"}"#;
    let principal = world.rules(read);
    let allowed = |world: &World, principal: &Principal| {
        let (access, principal) = (world.access.clone(), Arc::new(principal.clone()));
        async move { *access.grant(&principal, NOW).await.expect("a grant").verdict(kind("Patient"), Act::Read) == Verdict::Allowed }
    };
    assert!(allowed(&world, &principal).await);
    world.access.put_user(TENANT, "u", Vec::new());
    assert!(!allowed(&world, &principal).await);
    let mut role = policy(read);
    role.name = "auditor".into();
    let auditor = with_role("auditor", None);
    assert!(!allowed(&world, &auditor).await);
    world.access.put_role(TENANT, role);
    assert!(allowed(&world, &auditor).await, "a role of the hospital's own comes before that of Ward");
    world.access.remove_role(TENANT, "auditor");
    assert!(!allowed(&world, &auditor).await);
    world.access.put_user(TENANT, "u", vec![policy(read)]);
    world.access.set_rules(TENANT, access::Rules::default());
    assert!(!allowed(&world, &principal).await);
}

#[tokio::test]
async fn what_one_tenant_defines_is_not_anothers() {
    let world = World::new();
    let principal = world.rules(r#"{"name": "r", "types": ["Patient"], "acts": ["read"], "clearance": "V"}"#);
    let elsewhere = Principal { tenant: store::commit::Tenant(2), ..principal };
    assert_eq!(*world.grant(&elsewhere).await.verdict(kind("Patient"), Act::Read), Verdict::Refused);
}

#[tokio::test]
async fn a_broken_glass_is_whole_again_at_its_end() {
    let world = World::new();
    let principal = breaking(with_role("physician", Some("Practitioner/p")), "ada");
    let during = world.grant_at(&principal, NOW).await;
    assert!(Arc::ptr_eq(&during, &world.grant_at(&principal, NOW + HOUR - 1).await));
    let after = world.grant_at(&principal, NOW + HOUR).await;
    assert_ne!(during.verdict(kind("Observation"), Act::Read), after.verdict(kind("Observation"), Act::Read));
    let whole = world.grant_at(&Principal { break_glass: None, ..principal }, NOW + HOUR).await;
    assert_eq!(whole.verdict(kind("Observation"), Act::Read), after.verdict(kind("Observation"), Act::Read));
}

#[tokio::test]
async fn a_search_parameter_that_comes_in_makes_grants_anew() {
    let world = World::new();
    let principal = user("u", None);
    let first = world.grant(&principal).await;
    let parameter = r#"{"resourceType":"SearchParameter","id":"nick","url":"http://x/nick","name":"nick","status":"active","description":"d","code":"nick","base":["Patient"],"type":"string","expression":"Patient.name.text"}"#;
    let key = crate::world::key("SearchParameter/nick");
    store::contract::Extract::define(&world.parameters, &[(key, bytes::Bytes::from_static(parameter.as_bytes()))]);
    assert!(!Arc::ptr_eq(&first, &world.grant(&principal).await));
}

#[tokio::test]
async fn what_is_kept_is_given_without_a_look_into_the_store_and_only_while_it_is_true() {
    let world = World::new();
    let who = Arc::new(world.rules(r#"{"name": "r", "types": ["Patient"], "acts": ["read"], "clearance": "V"}"#));
    assert!(world.access.kept(&who, NOW).is_none(), "it was never made");
    let made = world.access.grant(&who, NOW).await.expect("a grant");
    for _ in 0..2 {
        let kept = world.access.kept(&who, NOW).expect("it is kept");
        assert!(Arc::ptr_eq(&made, &kept));
    }
    let alike = Arc::new(Principal::clone(&who));
    assert!(world.access.kept(&alike, NOW).is_some_and(|kept| Arc::ptr_eq(&made, &kept)), "who is the same, and elsewhere in memory");
    assert!(world.access.kept(&who, NOW - HOUR).is_none(), "the clock was set back");
    world.access.consents_changed(TENANT);
    assert!(world.access.kept(&who, NOW).is_none() && world.access.kept(&alike, NOW).is_none(), "a consent has changed");
    world.access.grant(&who, NOW).await.expect("a grant");
    assert!(world.access.kept(&who, NOW).is_some());
    world.access.put_user(TENANT, "u", Vec::new());
    assert!(world.access.kept(&who, NOW).is_none(), "a rule has changed");
}
