//! What may be administered, policies that are granted and denied directly, and roles that are kept elsewhere.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use access::{Access, Act, Direct, Permission, Policy, Principal, RuleSource, Rules, Strength, Verdict};
use fhir::definitions::ResourceType;
use jiff::tz::TimeZone;
use search::Registry;
use store::ReadError;
use store::commit::{Key, Tenant};
use store::contract::Pending;

use crate::world::{NOW, TENANT, World, assignment, kind, policy, scoped, user, with_role};

#[tokio::test]
async fn what_may_be_administered_is_what_rules_allow_and_none_denies() {
    let world = World::new();
    let grant = world.grant(&with_role("auditor", None)).await;
    assert!(grant.administers(Permission::UsersRead) && !grant.administers(Permission::UsersWrite) && !grant.assigns("nurse"));
    let weak = with_role("system-administrator", None);
    assert!(!world.grant(&weak).await.administers(Permission::RolesWrite));
    let strong = Principal { strength: Strength::Two, ..weak };
    let grant = world.grant(&strong).await;
    assert!(Permission::ALL.into_iter().all(|permission| grant.administers(permission)) && grant.assigns("anything"));
    let rules = r#"{"name": "a", "administration": ["*"], "assigns": ["*", "nurse"]},
        {"name": "d", "effect": "deny", "administration": ["keys-write"], "assigns": ["physician"]}"#;
    let grant = world.grant(&world.rules(rules)).await;
    assert!(grant.administers(Permission::KeysRead) && !grant.administers(Permission::KeysWrite));
    assert!(grant.assigns("nurse") && !grant.assigns("physician") && !grant.assigns("biller"), "a denial takes `*` with it");
}

#[tokio::test]
async fn places_and_scopes_take_it_away() {
    let world = World::new();
    let strong = |principal: Principal| Principal { strength: Strength::Two, ..principal };
    let administers = async |principal: &Principal| world.grant(principal).await.administers(Permission::UsersWrite);
    let whole = strong(with_role("administrator", None));
    assert!(administers(&whole).await);
    for (facility, department) in [(Some("Organization/3"), None), (None, Some("Location/4"))] {
        let placed = Principal { roles: vec![assignment("administrator", facility, department)], ..whole.clone() };
        assert!(!administers(&placed).await);
    }
    for scopes in ["user/*.cruds", "user/*.cruds system/*.cruds", "openid"] {
        assert!(!administers(&scoped(whole.clone(), scopes)).await, "{scopes}: an app of a user");
    }
    let service = Principal { user: None, ..whole };
    assert!(administers(&scoped(service.clone(), "system/*.cruds")).await);
    for scopes in ["system/*.rs", "system/Patient.cruds", "system/*.cruds?_id=1", "patient/*.cruds"] {
        assert!(!administers(&scoped(service.clone(), scopes)).await, "{scopes}");
    }
}

#[test]
fn a_policy_says_only_what_there_is() {
    let wrong = |rule: &str| {
        let text = format!(r#"{{"name": "p", "description": "P.", "rules": [{rule}]}}"#);
        let issues = Policy::read(text.as_bytes(), &Registry::standard()).expect_err("it is wrong");
        format!("{}: {}", issues[0].expression, issues[0].diagnostics)
    };
    assert!(wrong(r#"{"name": "r", "administration": ["user-read"]}"#).starts_with("rules[0].administration[0]: "));
    assert!(wrong(r#"{"name": "r", "administration": ["user-read"]}"#).contains("`users-read`"));
    assert!(wrong(r#"{"name": "r", "assigns": ["Nurse"]}"#).starts_with("rules[0].assigns[0]: "));
    assert!(wrong(r#"{"name": "r", "administration": []}"#).starts_with("rules[0].administration: "));
    let limited = r#"{"name": "r", "types": ["Patient"], "acts": ["read"], "criteria": "active=true", "assigns": ["nurse"]}"#;
    assert!(wrong(limited).starts_with("rules[0].assigns: "));
    assert!(wrong(r#"{"name": "r", "administration": ["*"], "breakGlass": true}"#).starts_with("rules[0].administration: "));
}

#[tokio::test]
async fn a_policy_that_is_denied_takes_away_all_that_it_allows() {
    let world = World::new();
    let direct = |policy: &str, is_granted| vec![Direct { policy: policy.into(), is_granted }];
    let may = async |principal: &Principal, name: &str| *world.grant(principal).await.verdict(kind(name), Act::Read) != Verdict::Refused;
    let nobody = user("u", None);
    assert!(!may(&nobody, "AuditEvent").await);
    let granted = Principal { direct: direct("auditor", true), ..nobody.clone() };
    assert!(may(&granted, "AuditEvent").await);
    let both = Principal { direct: direct("auditor", false), ..with_role("auditor", None) };
    assert!(!may(&both, "AuditEvent").await);
    assert!(!world.grant(&both).await.administers(Permission::UsersRead));
    let gone = Principal { direct: direct("gone", false), ..with_role("service", None) };
    for kind in ResourceType::all() {
        assert_eq!(*world.grant(&gone).await.verdict(kind, Act::Search), Verdict::Refused, "{kind:?}");
    }
    assert!(may(&Principal { direct: direct("gone", true), ..with_role("service", None) }, "Patient").await);
}

/// Roles in a place that says when it was written.
#[derive(Default)]
struct Shelf(Mutex<(Roles, bool)>);

type Roles = HashMap<Box<str>, Arc<Policy>>;

impl RuleSource for Shelf {
    fn read(&self, _: Tenant) -> Pending<'_, Result<Rules, ReadError>> {
        let (roles, fails) = self.0.lock().expect("nobody panicked").clone();
        Box::pin(async move { if fails { Err(ReadError::Busy) } else { Ok(Rules { roles, ..Rules::default() }) } })
    }

    fn is_kept_in(&self, tenant: Tenant, key: &Key) -> bool {
        tenant == Tenant(0) && *key.id == *"shelf"
    }
}

#[tokio::test]
async fn roles_that_are_kept_elsewhere_are_read_again_when_they_change() {
    let (world, shelf) = (World::new(), Arc::new(Shelf::default()));
    let access = Access::new(world.store.clone(), Registry::standard(), TimeZone::UTC).with_source(shelf.clone());
    let somebody = Arc::new(with_role("own", None));
    let may = async || {
        let grant = access.grant(&somebody, NOW).await;
        grant.map(|grant| *grant.verdict(kind("Patient"), Act::Read) != Verdict::Refused)
    };
    let told = |id: &str| access.heard(Tenant(0), [Key::new(kind("Basic"), id)].iter());
    assert_eq!(may().await, Ok(false));
    assert!(access.kept(&somebody, NOW).is_some());
    let own = policy(r#"{"name": "r", "types": ["Patient"], "acts": ["read"]}"#);
    shelf.0.lock().expect("nobody panicked").0.insert("own".into(), Arc::new(own));
    told("another");
    assert!(access.kept(&somebody, NOW).is_some(), "that was about something else");
    told("shelf");
    assert!(access.kept(&somebody, NOW).is_none(), "what is kept may be true no longer");
    assert_eq!(may().await, Ok(true));
    assert!(access.kept(&somebody, NOW).is_some());
    assert_eq!(access.policy(TENANT, "own").await.map(|policy| policy.is_some()), Ok(true));
    shelf.0.lock().expect("nobody panicked").1 = true;
    assert_eq!(may().await, Ok(true), "nothing was heard");
    told("shelf");
    assert_eq!(may().await, Err(ReadError::Busy), "who cannot read the rules lets nobody in");
    shelf.0.lock().expect("nobody panicked").1 = false;
    assert_eq!(may().await, Ok(true));
}
