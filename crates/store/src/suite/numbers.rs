//! Numbers drawn from sequences.

use crate::commit::{Commit, Conflict, NumberDraw};

use super::sample::{TENANT, act};
use super::world::World;

fn drawing(draws: &[(&str, Option<u64>)]) -> Commit {
    let number = draws.iter().map(|(sequence, expect)| NumberDraw { sequence: (*sequence).into(), expect: *expect }).collect();
    Commit { number, ..act() }
}

pub(super) async fn have_no_gaps(mut world: World) {
    assert_eq!(world.store().next_number(TENANT, "mrn").await, Ok(1));
    assert_eq!(world.commit(drawing(&[("mrn", None), ("invoice", None), ("mrn", None)])).await.numbers, [1, 1, 2]);
    world.refused(Commit { finish: vec![1], ..drawing(&[("mrn", None)]) }).await;
    world.restart().await;
    assert_eq!(world.store().next_number(TENANT, "mrn").await, Ok(3));
    assert_eq!(world.commit(drawing(&[("mrn", None)])).await.numbers, [3]);
}

pub(super) async fn may_be_expected(world: World) {
    assert_eq!(world.commit(drawing(&[("mrn", Some(1)), ("mrn", Some(2))])).await.numbers, [1, 2]);
    let conflict = Conflict::Number { sequence: "mrn".into(), next: 4 };
    assert_eq!(world.refused(drawing(&[("mrn", None), ("mrn", Some(3))])).await, conflict);
}
