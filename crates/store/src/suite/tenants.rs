//! Tenants.

use bytes::Bytes;

use crate::commit::{Claim, Commit, Expect, Job, NumberDraw, Posting, Tenant};
use crate::entry::Param;
use crate::query::{Filter, HistoryQuery, Query, Scope};

use super::sample::{TENANT, act, coded, key, kind, query, sample, token};
use super::world::{START, World, ids};

/// Numbers that a careless key would mix up with [`TENANT`].
const OTHERS: [Tenant; 3] = [Tenant(0), Tenant(TENANT.0 + 1), Tenant(TENANT.0 << 8)];

fn everything_of(tenant: Tenant) -> Commit {
    let post =
        |account: &str, amount| Posting { ledger: "stock".into(), account: account.into(), amount, unit: "1".into(), guarded: false };
    let (subject, holder) = ("bed".to_owned(), format!("Patient/{}", tenant.0));
    Commit {
        tenant,
        expect: vec![
            Expect::Version(key("Observation/1"), 0),
            Expect::NoMatch(kind("Observation"), Filter::Match(Param::of("Observation", "code"), coded("a"))),
        ],
        put: vec![sample("Observation/1").with("code", token("s", "a")).marked(u64::from(tenant.0)).put()],
        claim: vec![Claim { subject, from: 0, until: 9, capacity: 1, units: 1, holder, lease_until: None }],
        post: vec![post("a", 1), post("b", -1)],
        number: vec![NumberDraw { sequence: "mrn".into(), expect: Some(1) }],
        job: vec![Job { kind: "mail".into(), payload: Bytes::new(), not_before: 0 }],
        advance: vec![("mirror".into(), u64::from(tenant.0))],
        ..act()
    }
}

pub(super) async fn see_nothing_of_each_other(mut world: World) {
    for tenant in OTHERS.into_iter().chain([TENANT]) {
        let committed = world.commit(everything_of(tenant)).await;
        assert_eq!((committed.sequence, committed.versions, committed.jobs), (1, vec![1], vec![1]), "{tenant:?}");
    }
    world.restart().await;
    for tenant in OTHERS.into_iter().chain([TENANT]) {
        let store = world.store();
        let mark = format!("\"mark\":{},", tenant.0);
        let has_mark = |text: &Bytes| std::str::from_utf8(text).is_ok_and(|text| text.contains(&mark));
        let found = world.search(&Query { tenant, ..query(Filter::everything()) }).await;
        assert_eq!(ids(&found.matches), ["1"]);
        assert!(found.matches[0].text().is_some_and(has_mark), "{tenant:?}");
        let all = HistoryQuery { tenant, scope: Scope::System, since: None, until: None, before: None, most_bytes: None, count: 9 };
        assert_eq!(store.history(&all).await.map(|history| history.total), Ok(1));
        assert_eq!(store.changes(tenant, 0, 9).await.map(|changes| changes.len()), Ok(1));
        assert_eq!(store.claims(tenant, "bed", START).await.map(|claims| claims.len()), Ok(1));
        assert_eq!(store.balance(tenant, "stock", "a").await.map(|held| held.map(|held| held.amount)), Ok(Some(1)));
        assert_eq!(store.cursor(tenant, "mirror").await, Ok(u64::from(tenant.0)));
        assert_eq!(store.take_jobs(tenant, "mail", 0, 9, 9).await.map(|jobs| jobs.len()), Ok(1));
    }
    let nobody = world.store().read(Tenant(99), &key("Observation/1")).await;
    assert_eq!(nobody, Ok(None));
}
