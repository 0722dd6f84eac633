//! What is suspicious, and what is not, rule by rule; nothing is remembered without bound.

use std::net::IpAddr;
use std::sync::Arc;

use access::Principal;
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
