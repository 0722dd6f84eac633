//! Rules that hold at some hours, by the hospital's clock.

use access::{Act, Principal};
use jiff::tz::TimeZone;

use crate::world::{HOUR, NOW, World};

const DAY: i64 = 24 * HOUR;

async fn world(zone: &str, hours: &str) -> (World, Principal) {
    let world = World::in_zone(TimeZone::posix(zone).expect("a time zone"));
    world.put(&[r#"{"resourceType":"Patient","id":"ada"}"#]).await;
    let principal =
        world.rules(&format!(r#"{{"name": "r", "types": ["Patient"], "acts": ["read"], "clearance": "V", "hours": [{hours}]}}"#));
    (world, principal)
}

async fn holds(world: &World, principal: &Principal, at: i64) -> bool {
    !world.may_at(principal, Act::Read, "Patient", at).await.is_empty()
}

#[tokio::test]
async fn hours_of_days() {
    let (world, principal) = world("UTC0", r#"{"days": ["mon", "tue"], "from": "07:30", "until": "10:01"}"#).await;
    let midnight = NOW - 10 * HOUR;
    let minute = HOUR / 60;
    for (at, expected) in [
        (NOW, true),
        (NOW + minute - 1, true),
        (NOW + minute, false),
        (midnight + 7 * HOUR + 29 * minute, false),
        (midnight + 7 * HOUR + 30 * minute, true),
        (NOW + DAY, true),
        (NOW + 2 * DAY, false),
        (NOW - DAY, false),
        (NOW + 7 * DAY, true),
    ] {
        assert_eq!(holds(&world, &principal, at).await, expected, "{} minutes after", (at - NOW) / minute);
    }
}

#[tokio::test]
async fn a_night_ends_on_the_next_day() {
    let (world, principal) = world("UTC0", r#"{"days": ["mon"], "from": "22:00", "until": "06:00"}"#).await;
    let midnight = NOW + 14 * HOUR;
    for (at, expected) in [
        (NOW, false),
        (midnight - 2 * HOUR, true),
        (midnight + 5 * HOUR, true),
        (midnight + 6 * HOUR, false),
        (midnight + 23 * HOUR, false),
    ] {
        assert_eq!(holds(&world, &principal, at).await, expected, "{} hours after midnight", (at - midnight) / HOUR);
    }
}

#[tokio::test]
async fn the_clock_is_the_hospitals() {
    // In Vienna it is eleven.
    let (world, principal) = world("CET-1CEST,M3.5.0,M10.5.0/3", r#"{"from": "11:00", "until": "12:00"}"#).await;
    assert!(holds(&world, &principal, NOW).await);
    assert!(!holds(&world, &principal, NOW - HOUR / 60).await);
    // In summer it is ten in Greenwich when it is twelve in Vienna.
    let summer = NOW - 150 * DAY;
    assert!(!holds(&world, &principal, summer).await);
    assert!(holds(&world, &principal, summer - HOUR).await);
}

#[tokio::test]
async fn a_grant_ends_with_its_hours() {
    let (world, principal) = world("UTC0", r#"{"from": "09:00", "until": "10:30"}"#).await;
    // The same principal asks again and again: what is kept must not outlive the hours.
    let asked: Vec<bool> = {
        let mut asked = Vec::new();
        for at in [NOW, NOW + HOUR / 2 - 1, NOW + HOUR / 2, NOW + 22 * HOUR, NOW + 23 * HOUR] {
            asked.push(holds(&world, &principal, at).await);
        }
        asked
    };
    assert_eq!(asked, [true, true, false, false, true]);
}

#[tokio::test]
async fn all_day_is_until_midnight() {
    let (world, principal) = world("UTC0", r#"{"days": ["mon"], "from": "00:00", "until": "24:00"}"#).await;
    assert!(holds(&world, &principal, NOW + 14 * HOUR - 1).await);
    assert!(!holds(&world, &principal, NOW + 14 * HOUR).await);
}
