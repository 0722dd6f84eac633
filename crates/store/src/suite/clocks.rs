//! A clock that jumps: what is there stays in order, and can be asked for by the moments it names.

use crate::query::{HistoryQuery, Page, Scope};

use super::sample::{TENANT, coded, has, query, sample, token};
use super::world::{START, World};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// 2100-01-01T00:00:00Z.
const YEAR_2100: i64 = 4_102_444_800_000;

/// Where the clock stands, one after the other: an hour and three days away, the hour that daylight saving repeats, another century, 1970.
const MOMENTS: [i64; 12] = [
    START,
    START,
    START + HOUR,
    START - HOUR,
    START + 3 * DAY,
    START - 3 * DAY,
    START + 3 * DAY + HOUR,
    START + 3 * DAY,
    YEAR_2100,
    START + 4 * DAY,
    0,
    YEAR_2100 + 1,
];

fn one() -> super::sample::Sample {
    sample("Observation/1").with("code", token("s", "a"))
}

/// Writes a version at each moment, every third time after a restart. Gives the moments that the commits say.
async fn written(world: &mut World) -> Vec<i64> {
    let mut told = Vec::new();
    for (number, moment) in MOMENTS.into_iter().enumerate() {
        world.clock.set(moment);
        if number % 3 == 2 {
            world.restart().await;
        }
        told.push(world.put(vec![one().marked(number as u64).put()]).await.at);
    }
    told
}

pub(super) async fn keep_the_order(mut world: World) {
    let told = written(&mut world).await;
    assert!(told.is_sorted(), "time goes back along the commits: {told:?}");
    let newest = |upto: usize| MOMENTS[..=upto].iter().copied().max();
    assert!(
        told.iter().enumerate().all(|(number, at)| Some(*at) == newest(number)),
        "no later than the latest that the clock said: {told:?}"
    );
    let feed = world.store().changes(TENANT, 0, 100).await.expect("the feed");
    assert!(feed.iter().map(|change| (change.sequence, change.at)).eq((1..).zip(told.iter().copied())));
    let all = HistoryQuery { tenant: TENANT, scope: Scope::System, since: None, until: None, before: None, most_bytes: None, count: 100 };
    let history = world.store().history(&all).await.expect("a history").versions;
    let said = history.iter().rev().map(|version| (version.version, version.last_updated));
    assert!(said.eq((1..).zip(told)), "the history tells versions and moments in one order");
}

pub(super) async fn are_asked_about(mut world: World) {
    let told = written(&mut world).await;
    for &moment in &told {
        let written_by = told.iter().filter(|at| **at <= moment).count() as u64;
        let mut past = query(has("code", coded("a")));
        past.as_of = Some(moment);
        let then: Vec<u64> = world.search(&past).await.matches.iter().map(|version| version.version).collect();
        assert_eq!(then, [written_by], "as of {moment}");
        let since = HistoryQuery {
            tenant: TENANT,
            scope: Scope::System,
            since: Some(moment),
            until: None,
            before: None,
            most_bytes: None,
            count: 100,
        };
        let later = world.store().history(&since).await.expect("a history").versions.len();
        assert_eq!(later, told.iter().filter(|at| **at >= moment).count(), "since {moment}");
    }
}

pub(super) async fn hold_pages(mut world: World) {
    for number in 0..10 {
        let put = sample(&format!("Observation/{number}")).with("code", token("s", "a")).dated(START - number).put();
        world.put(vec![put]).await;
    }
    let mut page = query(has("code", coded("a")));
    page.count = 3;
    let mut ids = Vec::new();
    for moment in [YEAR_2100, 0, START - HOUR, START] {
        world.clock.set(moment);
        world.restart().await;
        let answer = world.search(&page).await;
        ids.extend(super::world::ids(&answer.matches));
        world.put(vec![one().dated(START - 1).put()]).await;
        match answer.next {
            Some(place) => page.page = Page::After(place),
            None => break,
        }
    }
    assert_eq!(ids, (0..10).map(|number| number.to_string()).collect::<Vec<_>>());
}
