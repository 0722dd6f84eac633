//! Reports: by user, patient and period, in every order, page by page.

use std::sync::Arc;

use access::Principal;
use audit::report::{Line, Order, Scope, report};
use audit::{Happening, Interaction, Outcome, What};
use search::Registry;
use store::commit::Commit;
use store::contract::Store;
use store::memory::MemoryStore;

use crate::sample::{NOON, TENANT, ada, entity, read, scribe, store};

const HOUR: i64 = 3_600_000;

fn bob() -> Principal {
    Principal { user: Some("u-bob".into()), name: "Bob Noyce".into(), ..ada() }
}

async fn filled() -> Arc<MemoryStore> {
    let (store, scribe) = (store(), scribe());
    let mut commit = Commit::new(TENANT, "ward", "audit");
    for number in 0..12 {
        let happening = Happening {
            at: NOON + number * HOUR,
            who: Some(Arc::new(if number % 3 == 0 { bob() } else { ada() })),
            what: What::Rest(if number % 2 == 0 { Interaction::Read } else { Interaction::Update }),
            outcome: if number == 5 { Outcome::Denied("no rule".into()) } else { Outcome::Done },
            ..read(vec![entity(&format!("Observation/o{number}"), 1)])
        };
        commit.audit.extend(scribe.puts(&happening, &[vec![if number < 4 { "p1".into() } else { "p2".into() }]]));
    }
    store.commit(commit).await.unwrap();
    store
}

async fn lines(scope: Scope, order: Order) -> Vec<Line> {
    let store = filled().await;
    let (mut lines, mut place) = (Vec::new(), None);
    loop {
        let page = report(&*store, &Registry::standard(), TENANT, &scope, (order, place), 5).await.unwrap();
        assert!(page.lines.len() <= 5);
        lines.extend(page.lines);
        place = page.next;
        if place.is_none() {
            assert_eq!(lines.len() as u64, page.total);
            return lines;
        }
    }
}

/// The numbers of the resources, in order.
fn numbers(lines: &[Line]) -> Vec<u32> {
    lines.iter().map(|line| line.resource["Observation/o".len()..].split('/').next().unwrap().parse().unwrap()).collect()
}

#[tokio::test]
async fn a_line_says_who_did_what_when_and_to_whom() {
    let lines = lines(Scope { user: Some("u-ada".into()), ..Scope::default() }, Order::OldestFirst).await;
    assert_eq!(numbers(&lines), [1, 2, 4, 5, 7, 8, 10, 11]);
    let first = &lines[0];
    assert_eq!((&*first.at, &*first.user, &*first.name), ("2026-11-22T13:00:00.000Z", "u-ada", "Ada Lovelace"));
    assert_eq!((&*first.action, &*first.patient, &*first.resource), ("update", "Patient/p1", "Observation/o1/_history/1"));
    assert_eq!((&*first.address, &*first.outcome, &*first.purpose), ("2001:db8::7", "0", "TREAT"));
    assert_eq!((&*lines[3].action, &*lines[3].outcome), ("update denied", "4"));
}

#[tokio::test]
async fn a_period_has_its_begin_and_not_its_end() {
    let scope = Scope { from: Some(NOON + 3 * HOUR), until: Some(NOON + 6 * HOUR), ..Scope::default() };
    assert_eq!(numbers(&lines(scope, Order::NewestFirst).await), [5, 4, 3]);
}

#[tokio::test]
async fn patient_user_and_what_was_done_narrow_it() {
    let of = |scope: Scope| async { numbers(&lines(scope, Order::OldestFirst).await) };
    let patient = Some("p1".to_owned());
    assert_eq!(of(Scope { patient: patient.clone(), ..Scope::default() }).await, [0, 1, 2, 3]);
    assert_eq!(of(Scope { patient, user: Some("u-bob".into()), ..Scope::default() }).await, [0, 3]);
    assert_eq!(of(Scope { subtype: Some("denied".into()), ..Scope::default() }).await, [5]);
    assert_eq!(of(Scope { user: Some("nobody".into()), ..Scope::default() }).await, [] as [u32; 0]);
}

#[tokio::test]
async fn it_is_ordered_as_asked() {
    assert_eq!(numbers(&lines(Scope::default(), Order::NewestFirst).await), (0..12).rev().collect::<Vec<_>>());
    assert_eq!(numbers(&lines(Scope::default(), Order::User).await), [11, 10, 8, 7, 5, 4, 2, 1, 9, 6, 3, 0]);
    assert_eq!(numbers(&lines(Scope::default(), Order::Patient).await), [3, 2, 1, 0, 11, 10, 9, 8, 7, 6, 5, 4]);
    assert_eq!(numbers(&lines(Scope::default(), Order::Action).await)[..3], [5, 10, 8]);
}
