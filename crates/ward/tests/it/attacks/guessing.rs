//! Guessing: lockout that is evaded by spelling, addresses, devices, many at once or a reset; and answers that tell who has an account.

use crate::attacks::browser::{Browser, Page};
use crate::attacks::house::{House, PASSWORD, Prepared, at_once, settled};

/// Ways to write the login `ann` that could be counted apart.
const SPELLINGS: &[&str] = &["ann", "ANN", " ann", "ann ", "\tann", "Ann\n", "aNN"];

/// Ways to write it that are no login at all: as wrong as any other.
const OTHERS: &[&str] = &["ann\0", "\u{ff41}nn", "a\u{200b}nn", "аnn", "ann%00", "ann@ward.example", "ann@WARD.example", "ann+1", "ann'--"];

fn guess(house: &House, login: &str, headers: &[(&str, &str)]) -> Page {
    let mut browser = house.browser();
    browser.headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    browser.sign_in(login, "a-wrong-guess-of-somebody")
}

#[test]
fn no_spelling_or_address_gets_more_guesses() {
    let house = House::usual();
    let mut judged = 0;
    for number in 0..24 {
        let address = format!("203.0.113.{number}");
        let headers = [
            ("X-Forwarded-For", address.as_str()),
            ("X-Real-IP", address.as_str()),
            ("Forwarded", "for=203.0.113.9"),
            ("X-Client-IP", address.as_str()),
            ("True-Client-IP", address.as_str()),
            ("User-Agent", address.as_str()),
        ];
        let answer = guess(&house, SPELLINGS[number % SPELLINGS.len()], &headers);
        assert!([403, 429].contains(&answer.status), "{}", answer.status);
        judged += usize::from(answer.status == 403);
    }
    assert!((5..=7).contains(&judged), "five are free, and each more only after a wait: {judged}");
    assert_eq!(house.browser().sign_in("ann", PASSWORD).status, 429, "also the right one waits");
    for spelling in OTHERS {
        let status = house.browser().sign_in(spelling, PASSWORD).status;
        assert_eq!(status, 403, "{spelling:?} is nobody");
    }
    // Neither somebody else's known device nor a made-up one, nor a letter, opens another count.
    let mut bob = house.signed_in("bob");
    let device = bob.cookies["ward-device"].clone();
    for device in [device.as_str(), &"0".repeat(64), ""] {
        let mut browser = house.browser();
        browser.cookies.insert("ward-device".into(), device.into());
        assert_eq!(browser.sign_in("ann", PASSWORD).status, 429);
    }
    let page = bob.get("/auth/reset");
    assert_eq!(bob.fill(&page, &[("login", "ann")]).status, 200);
    assert_eq!(house.browser().sign_in("ann", PASSWORD).status, 429);
}

#[test]
fn fifty_guesses_at_once_are_no_more_than_one_after_another() {
    let house = House::usual();
    let statuses = at_once(50, |_| guess(&house, "ann", &[]).status);
    let judged = statuses.iter().filter(|status| **status == 403).count();
    assert!(judged <= 7, "{judged} of 50 were judged: {statuses:?}");
    assert!(statuses.iter().all(|status| [403, 429, 503].contains(status)), "{statuses:?}");
    assert_eq!(house.browser().sign_in("ann", PASSWORD).status, 429);
    assert_eq!(house.browser().sign_in("bob", PASSWORD).status, 303, "nobody else waits");
}

#[test]
fn attempts_are_limited_by_address_too() {
    let house = Prepared::new().open(&["rate_sign_in=5/min", "rate_token=5/min"]);
    let statuses: Vec<u16> =
        (0..8).map(|number| guess(&house, &format!("nobody{number}"), &[("X-Forwarded-For", "203.0.113.7")]).status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 403).count(), 5, "{statuses:?}");
    assert!(statuses[5..].iter().all(|status| *status == 429), "{statuses:?}");
    for path in ["/auth/token", "/auth/introspect", "/auth/revoke", "/auth/register", "/auth/device-authorization"] {
        house.form(path, &[("client_id", "x")]);
    }
    for path in ["/auth/token", "/auth/introspect", "/auth/revoke", "/auth/register", "/auth/device-authorization", "/auth/userinfo"] {
        assert_eq!(house.form(path, &[("client_id", "x")]).status, 429, "{path} counts with the endpoints of OAuth");
    }
}

/// What somebody learns of a login by trying it.
fn told(browser: &mut Browser, login: &str) -> (u16, String, String) {
    let answer = browser.sign_in(login, "a-wrong-guess-of-somebody");
    let names: Vec<&str> = answer.head.lines().filter_map(|line| Some(line.split_once(':')?.0)).collect();
    (answer.status, names.join(","), settled(&answer).replace(login, "LOGIN"))
}

#[test]
fn no_answer_tells_who_has_an_account() {
    let prepared = Prepared::new().usual_people();
    crate::process::run_well(prepared.folder(), &["user", "add", "cyd", "--email", "cyd@ward.example"]);
    crate::process::run_well(prepared.folder(), &["user", "suspend", "bob"]);
    let house = prepared.open(&["registration=open"]);
    let mut browser = house.browser();
    let unknown = told(&mut browser, "zed");
    for known in ["ann", "bob", "cyd"] {
        assert_eq!(told(&mut browser, known), unknown, "{known}: active, suspended, invited");
    }
    // Also when one has to wait. Only the moment differs.
    let waiting = |login: &str| {
        let mut browser = house.browser();
        let last = (0..7).map(|_| told(&mut browser, login)).last().expect("some");
        let at = last.2.find("come at ").expect("a moment");
        let end = at + last.2[at..].find('.').expect("an end");
        (last.0, last.1, [&last.2[..at], &last.2[end + 4..]].concat())
    };
    let unknown = waiting("zoe");
    assert_eq!(unknown.0, 429);
    for known in ["ann", "bob", "cyd"] {
        assert_eq!(waiting(known), unknown, "{known}");
    }
    let reset = |login: &str| {
        let mut browser = house.browser();
        let page = browser.get("/auth/reset");
        let answer = browser.fill(&page, &[("login", login)]);
        (answer.status, settled(&answer))
    };
    for known in ["ann", "bob", "cyd", "cyd@ward.example"] {
        assert_eq!(reset(known), reset("zed"), "{known}");
    }
    let register = |login: &str, email: &str| {
        let mut browser = house.browser();
        let page = browser.get("/auth/registration");
        let password = "harbour-lantern-mosaic-4";
        let filled = [("login", login), ("name", "New"), ("email", email), ("password", password), ("again", password)];
        let answer = browser.fill(&page, &filled);
        (answer.status, settled(&answer))
    };
    assert_eq!(register("newone", "ann@ward.example"), register("newtwo", "nobody@ward.example"), "who has an address is told to nobody");
}
