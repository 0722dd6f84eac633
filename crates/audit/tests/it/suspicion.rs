//! What is suspicious, and what is not, rule by rule; nothing is remembered without bound.

use std::net::IpAddr;
use std::sync::Arc;

use access::Principal;
use audit::happening::{Administered, Done};
use audit::suspicion::{Limits, Locator, Watch};
use audit::{Happening, Interaction, Outcome, Seen, What};

use crate::sample::{NOON, TENANT, ada, key, read};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// 10.0.0.0/8 is in Vienna, 192.0.2.0/24 in Linz, 203.0.113.0/24 in Sydney.
struct Atlas;

impl Locator for Atlas {
    fn locate(&self, address: IpAddr) -> Option<(i32, i32)> {
        match address {
            IpAddr::V4(address) => match address.octets()[0] {
                10 => Some((482_000_000, 163_700_000)),
                192 => Some((483_000_000, 142_900_000)),
                203 => Some((-338_700_000, 1_512_000_000)),
                _ => None,
            },
            IpAddr::V6(_) => None,
        }
    }
}

fn watch() -> Watch {
    Watch::new(Limits { charts: 5, known_after: 50, failures: 3, ..Limits::default() }, Some(Arc::new(Atlas)))
}

/// The codes of the alerts that a happening causes.
fn look(watch: &mut Watch, happening: &Happening, patients: &[&str], families: &[(&str, &str)]) -> Vec<String> {
    let touched = [patients.iter().map(|id| Box::from(*id)).collect()];
    let families: Vec<_> = families.iter().map(|(id, name)| (Box::from(*id), vec![Box::from(*name)])).collect();
    let alerts = watch.look(&Seen { happening, touched: &touched, families: &families });
    let code = |alert: Happening| match alert.what {
        What::Alert(code, reason) => {
            assert!(!reason.is_empty() && !patients.iter().any(|id| reason.contains(id)), "{reason}");
            assert_eq!(alert.who, happening.who);
            code.into_string()
        }
        other => panic!("{other:?}"),
    };
    alerts.into_iter().map(code).collect()
}

fn at(ms: i64) -> Happening {
    Happening { at: NOON + ms, address: None, ..read(vec![]) }
}

#[test]
fn many_charts_within_an_hour() {
    let mut watch = watch();
    for number in 0..5 {
        let patient = format!("p{number}");
        assert!(look(&mut watch, &at(number * MINUTE), &[&patient], &[]).is_empty());
        assert!(look(&mut watch, &at(number * MINUTE), &[&patient], &[]).is_empty(), "the same chart again");
    }
    assert_eq!(look(&mut watch, &at(6 * MINUTE), &["p6"], &[]), ["many-charts"]);
    let many: Vec<String> = (10..30).map(|number| format!("p{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(look(&mut watch, &at(7 * MINUTE), &many, &[]).is_empty(), "once within an hour");
    assert_eq!(look(&mut watch, &at(70 * MINUTE), &many, &[]), ["many-charts"]);
}

#[test]
fn a_list_opens_no_chart() {
    let mut watch = Watch::new(Limits { charts: 5, listed: 20, ..Limits::default() }, None);
    let list = |ms| Happening { what: What::Rest(Interaction::SearchType), query: Some("Patient?".into()), ..at(ms) };
    let names: Vec<String> = (0..30).map(|number| format!("p{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert!(look(&mut watch, &list(0), &names[..20], &[("p1", "lovelace")]).is_empty());
    assert!(look(&mut watch, &list(1), &names[..20], &[]).is_empty(), "the same again");
    assert_eq!(look(&mut watch, &list(2), &names[19..21], &[]), ["many-listed"]);
    assert_eq!(look(&mut watch, &list(3), &["p1"], &[("p1", "lovelace")]), ["same-name"], "a query within one record");
}

#[test]
fn few_charts_an_hour_are_nothing() {
    let mut watch = watch();
    for number in 0..100 {
        assert!(look(&mut watch, &at(number * 15 * MINUTE), &[&format!("p{number}")], &[]).iter().all(|code| code != "many-charts"));
    }
}

#[test]
fn others_have_their_own_count() {
    let mut watch = watch();
    for number in 0..10 {
        let who = Principal { user: Some(format!("u{}", number % 2).into()), ..ada() };
        let happening = Happening { who: Some(Arc::new(who)), ..at(number) };
        assert!(look(&mut watch, &happening, &[&format!("p{number}")], &[]).is_empty());
    }
}

#[test]
fn an_hour_at_which_they_never_were() {
    let mut watch = watch();
    for day in 0..10 {
        for hour in 0..6 {
            assert!(look(&mut watch, &at(day * 24 * HOUR + hour * HOUR), &[], &[]).is_empty());
        }
    }
    assert!(look(&mut watch, &at(10 * 24 * HOUR + 6 * HOUR), &[], &[]).is_empty(), "an hour later than ever");
    assert_eq!(look(&mut watch, &at(10 * 24 * HOUR + 14 * HOUR), &[], &[]), ["unusual-hour"]);
    assert!(look(&mut watch, &at(11 * 24 * HOUR + 14 * HOUR), &[], &[]).is_empty(), "they have been there by now");
}

#[test]
fn a_patient_of_the_same_name() {
    let mut watch = watch();
    assert_eq!(look(&mut watch, &at(0), &["p1"], &[("p1", "lovelace")]), ["same-name"]);
    assert!(look(&mut watch, &at(1), &["p1"], &[("p1", "lovelace")]).is_empty(), "once within an hour");
    assert_eq!(look(&mut watch, &at(2), &["p2"], &[("p2", "lovelace")]), ["same-name"]);
    assert!(look(&mut watch, &at(3), &["p3"], &[("p3", "noyce")]).is_empty());
    let own = Principal { fhir_user: Some(key("Patient/p4")), ..ada() };
    let happening = Happening { who: Some(Arc::new(own)), ..at(4) };
    assert!(look(&mut watch, &happening, &["p4"], &[("p4", "lovelace")]).is_empty(), "their own record");
    let alerts =
        watch.look(&Seen { happening: &at(5), touched: &[vec!["p5".into()]], families: &[("p5".into(), vec!["lovelace".into()])] });
    assert_eq!(alerts[0].patients, ["p5".into()]);
}

#[test]
fn sign_ins_that_fail() {
    let mut watch = watch();
    let failed = |ms, user: Option<&str>, address: &str| Happening {
        what: What::SignIn(None),
        who: user.map(|user| Arc::new(Principal { user: Some(user.into()), ..ada() })),
        address: Some(address.parse().unwrap()),
        outcome: Outcome::Denied("wrong password".into()),
        ..at(ms)
    };
    for number in 0..3 {
        assert!(look(&mut watch, &failed(number, Some("u-ada"), &format!("10.0.0.{number}")), &[], &[]).is_empty());
    }
    assert_eq!(look(&mut watch, &failed(4, Some("u-ada"), "10.0.0.9"), &[], &[]), ["failed-sign-ins"], "one account from many addresses");
    for number in 0..3 {
        assert!(look(&mut watch, &failed(number, None, "10.7.7.7"), &[], &[]).is_empty());
    }
    assert_eq!(look(&mut watch, &failed(5, None, "10.7.7.7"), &[], &[]), ["failed-sign-ins"], "one address, nobody who is known");
    for number in 0..20 {
        assert!(look(&mut watch, &failed(number * 5 * MINUTE, None, "10.8.8.8"), &[], &[]).is_empty(), "now and then");
    }
}

#[test]
fn nobody_is_that_fast() {
    let from = |ms, address: &str| Happening { address: Some(address.parse().unwrap()), ..at(ms) };
    let mut watch = watch();
    assert!(look(&mut watch, &from(0, "10.0.0.1"), &[], &[]).is_empty());
    assert!(look(&mut watch, &from(MINUTE, "192.0.2.1"), &[], &[]).is_empty(), "150 km are the locator's error");
    assert!(look(&mut watch, &from(2 * MINUTE, "::1"), &[], &[]).is_empty(), "nobody knows where that is");
    assert_eq!(look(&mut watch, &from(HOUR, "203.0.113.5"), &[], &[]), ["impossible-travel"]);
    assert!(look(&mut watch, &from(30 * HOUR, "10.0.0.1"), &[], &[]).iter().all(|code| code != "impossible-travel"), "a day is enough");
    assert_eq!(look(&mut watch, &from(30 * HOUR, "203.0.113.5"), &[], &[]), ["impossible-travel"], "at the same moment");
}

#[test]
fn of_many_only_the_last_are_remembered() {
    let mut watch = Watch::new(Limits { actors: 10, charts: 1, ..Limits::default() }, None);
    let of = |user: usize| Happening { who: Some(Arc::new(Principal { user: Some(format!("u{user}").into()), ..ada() })), ..at(0) };
    for user in 0..1000 {
        assert!(look(&mut watch, &of(user), &["p1"], &[]).is_empty());
    }
    assert_eq!(look(&mut watch, &of(999), &["p2"], &[]), ["many-charts"]);
    assert!(look(&mut watch, &of(0), &["p2"], &[]).is_empty(), "forgotten");
    assert_eq!(watch.look(&Seen { happening: &Happening::new(NOON, TENANT, What::Recording(true)), touched: &[], families: &[] }), []);
}

/// What Ada writes, `ms` after noon.
fn written(ms: i64, interaction: Interaction) -> Happening {
    Happening { what: What::Rest(interaction), ..at(ms) }
}

#[test]
fn many_deletions_within_an_hour() {
    let mut watch = Watch::new(Limits { deletions: 3, ..Limits::default() }, None);
    for number in 0..3 {
        assert!(look(&mut watch, &written(number * MINUTE, Interaction::Delete), &["p1"], &[]).is_empty());
        assert!(look(&mut watch, &written(number * MINUTE, Interaction::Update), &["p1"], &[]).is_empty(), "an update deletes nothing");
    }
    let service = Principal { user: None, client: Some("c-1".into()), ..ada() };
    let by_service = |ms| Happening { who: Some(Arc::new(service.clone())), ..written(ms, Interaction::Delete) };
    assert!(look(&mut watch, &by_service(3 * MINUTE), &["p1"], &[]).is_empty(), "another's count");
    assert_eq!(look(&mut watch, &written(4 * MINUTE, Interaction::Delete), &["p1"], &[]), ["many-deletions"]);
    assert!(look(&mut watch, &written(5 * MINUTE, Interaction::Delete), &[], &[]).is_empty(), "once within an hour");
    let refused = Happening { outcome: Outcome::Denied("no".into()), ..written(100 * MINUTE, Interaction::Delete) };
    for _ in 0..9 {
        assert!(look(&mut watch, &refused, &[], &[]).is_empty(), "nothing was deleted");
    }
    for number in 0..20 {
        assert!(look(&mut watch, &written((200 + 21 * number) * MINUTE, Interaction::Delete), &[], &[]).is_empty(), "now and then");
    }
    for number in 4..9 {
        look(&mut watch, &by_service(number * MINUTE), &[], &[]);
    }
    let more = |ms| Happening { tenant: store::commit::Tenant(9), ..by_service(ms) };
    let found: Vec<_> = (0..5).map(|ms| look(&mut watch, &more(ms), &[], &[]).len()).collect();
    assert_eq!(found, [0, 0, 0, 1, 0], "a service, too, and each tenant has its own");
}

#[test]
fn a_person_changes_many_records_and_a_feed_may() {
    let mut watch = Watch::new(Limits { written: 3, ..Limits::default() }, None);
    let patients: Vec<String> = (0..40).map(|number| format!("p{number}")).collect();
    for (number, patient) in patients[..3].iter().enumerate() {
        assert!(look(&mut watch, &written(number as i64, Interaction::Create), &[patient], &[(patient, "lovelace")]).is_empty());
    }
    assert_eq!(look(&mut watch, &written(9, Interaction::Patch), &["p9"], &[]), ["many-written"]);
    let feed = Principal { user: None, client: Some("c-1".into()), ..ada() };
    for (number, patient) in patients.iter().enumerate() {
        let happening = Happening { who: Some(Arc::new(feed.clone())), ..written(number as i64, Interaction::Update) };
        assert!(look(&mut watch, &happening, &[patient], &[]).is_empty());
    }
}

/// What Ada administers, `ms` after noon.
fn administered(ms: i64, of: Administered, done: Done) -> Happening {
    Happening { what: What::Administration(of, done, "set-rights: u-1".into()), ..at(ms) }
}

#[test]
fn rights_are_handed_out_in_bursts() {
    let mut watch = Watch::new(Limits { rights: 3, rights_within_ms: 10 * MINUTE, ..Limits::default() }, None);
    for number in 0..9 {
        let read = administered(number, Administered::Account, Done::Read);
        assert!(look(&mut watch, &read, &[], &[]).is_empty(), "who looks changes nothing");
        let client = administered(number, Administered::Client, Done::Create);
        assert!(look(&mut watch, &client, &[], &[]).is_empty(), "a client has nobody's rights");
    }
    for number in 0..9 {
        let slowly = administered(number * 4 * MINUTE, Administered::Account, Done::Update);
        assert!(look(&mut watch, &slowly, &[], &[]).is_empty(), "three in ten minutes");
    }
    for (number, of) in [Administered::Account, Administered::Role, Administered::Account].into_iter().enumerate() {
        assert!(look(&mut watch, &administered(HOUR + number as i64, of, Done::Update), &[], &[]).is_empty());
    }
    assert_eq!(look(&mut watch, &administered(HOUR + 3, Administered::Role, Done::Create), &[], &[]), ["many-rights"]);
}

#[test]
fn administration_outside_the_hours_for_it() {
    let day = |watch: &mut Watch, who: &Principal| {
        let hours = (0..24).map(|hour| {
            let happening = Happening { who: Some(Arc::new(who.clone())), ..administered(hour * HOUR, Administered::Client, Done::Update) };
            // NOON is at noon.
            look(watch, &happening, &[], &[]).iter().any(|code| code == "out-of-hours").then_some((12 + hour) % 24)
        });
        let mut found: Vec<i64> = hours.flatten().collect();
        found.sort_unstable();
        found
    };
    let with = |work, ahead| Watch::new(Limits { work, ahead_of_utc_ms: ahead, rights: 1000, ..Limits::default() }, None);
    assert_eq!(day(&mut with((6, 20), 0), &ada()), [0, 1, 2, 3, 4, 5, 20, 21, 22, 23]);
    assert_eq!(day(&mut with((20, 6), 0), &ada()), (6..20).collect::<Vec<_>>(), "the night shift's");
    assert_eq!(day(&mut with((6, 20), 2 * HOUR), &ada()), [0, 1, 2, 3, 18, 19, 20, 21, 22, 23], "as the hospital's clocks have it");
    assert_eq!(day(&mut with((0, 24), 0), &ada()), Vec::<i64>::new());
    let service = Principal { user: None, client: Some("c-1".into()), ..ada() };
    assert_eq!(day(&mut with((6, 20), 0), &service), Vec::<i64>::new(), "a service has no hours");
}
