//! Sessions: planted before the sign-in, kept after a sign-out, a change of the password, a reset, or a suspension; and links that lead elsewhere.

use crate::attacks::browser::Browser;
use crate::attacks::house::{House, PASSWORD, Prepared};
use crate::process::run_well;

const COOKIE: &str = "ward-session";
const NEW: &str = "marmot-teapot-viaduct-38";

/// A browser with the cookie of a session that was kept.
fn with_session(house: &House, value: &str) -> Browser {
    let mut browser = house.browser();
    browser.cookies.insert(COOKIE.into(), value.into());
    browser
}

#[test]
fn a_session_that_was_planted_is_worth_nothing() {
    let house = House::usual();
    let attackers = house.signed_in("bob").cookies[COOKIE].clone();
    for planted in ["0", &"0".repeat(64), &attackers] {
        let mut victim = with_session(&house, planted);
        let answer = victim.sign_in("ann", PASSWORD);
        assert_eq!(answer.status, 303, "{planted}");
        let own = victim.cookies[COOKIE].clone();
        assert_ne!(own, *planted);
        // Whose session the attacker holds is still nobody's, or their own.
        let mut attacker = with_session(&house, planted);
        let page = attacker.get("/auth/sessions");
        assert!(page.status == 303 || page.text.contains("<strong>bob</strong>"), "{planted}");
    }
    // Nor does an identifier in the address or in a form become one.
    for path in ["/auth/sessions?ward-session=", "/auth/sessions;ward-session=", "/auth/sessions?JSESSIONID="] {
        let status = house.browser().get(&format!("{path}{attackers}")).status;
        assert!([303, 401, 404].contains(&status), "{path}: {status}");
    }
}

#[test]
fn a_session_changes_with_what_it_stands_for_and_ends_with_it() {
    let house = House::usual();
    // A change of the password: this session goes on under another name, the others end.
    let (mut here, there) = (house.signed_in("ann"), house.signed_in("ann"));
    let before = here.cookies[COOKIE].clone();
    let page = here.get("/auth/password");
    assert_eq!(here.fill(&page, &[("old", PASSWORD), ("password", NEW), ("again", NEW)]).status, 303);
    assert_ne!(here.cookies[COOKIE], before);
    assert!(here.is_signed_in() && !there.is_signed_in() && !with_session(&house, &before).is_signed_in());
    // A sign-out: whoever kept the cookie is out, too.
    let kept = here.cookies[COOKIE].clone();
    let page = here.get("/auth/sessions");
    let form = page.forms().into_iter().find(|form| form.contains("/auth/sign-out")).expect("a form").to_owned();
    assert_eq!(here.fill_form(&form, &[]).status, 303);
    assert!(!with_session(&house, &kept).is_signed_in());
    for (method, path) in
        [("GET", "/auth/sessions"), ("GET", "/auth/factors"), ("GET", "/auth/apps"), ("GET", "/auth/password"), ("GET", "/")]
    {
        let mut out = with_session(&house, &kept);
        let answer = out.send(method, path, &[("Accept", "text/html")], "");
        assert_eq!((answer.status, answer.location().starts_with("/auth/sign-in")), (303, true), "{path}");
    }
}

#[test]
fn what_was_given_ends_with_a_suspension_and_a_reset() {
    const SCOPE: &str = "patient/Observation.rs patient/Patient.r offline_access";
    let prepared = Prepared::new().usual_people();
    let app = prepared.app(SCOPE);
    let house = prepared.open(&[]);
    let (mut ann, mut bob) = (house.signed_in("ann"), house.signed_in("bob"));
    let (anns, bobs) = (house.tokens(&mut ann, &app, SCOPE), house.tokens(&mut bob, &app, SCOPE));
    assert!(house.is_good(&anns.0) && house.is_good(&bobs.0));
    let House { folder, server } = house;
    assert_eq!(server.stop(), Some(0));
    run_well(folder.path(), &["user", "suspend", "ann"]);
    let reset = run_well(folder.path(), &["user", "reset", "bob"]);
    let server = crate::process::Server::start(folder.path(), &["--set", "access=required"]);
    let house = House { folder, server };
    let again = |browser: &Browser| {
        let mut browser = Browser { cookies: browser.cookies.clone(), ..house.browser() };
        browser.get("/auth/sessions").status == 200
    };
    assert!(!again(&ann) && again(&bob), "the suspended one is out, and sessions outlive a restart");
    assert!(!house.is_good(&anns.0) && house.is_good(&bobs.0));
    assert_eq!(house.refresh(&app, &anns.1, &[]).status, 400);
    assert_eq!(house.browser().sign_in("ann", PASSWORD).status, 403);
    let link = reset.trim().split_once("/auth/").map(|(_, path)| format!("/auth/{path}")).expect("a link");
    let mut browser = house.browser();
    let page = browser.get(&link);
    assert_eq!(browser.fill(&page, &[("password", NEW), ("again", NEW)]).status, 200);
    assert!(!again(&bob) && !house.is_good(&bobs.0), "a reset ends all sessions, and what apps have of them");
    assert_eq!(house.refresh(&app, &bobs.1, &[]).status, 400);
}

#[test]
fn nobody_is_led_elsewhere_after_signing_in() {
    let house = House::usual();
    for next in [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "http:evil.example",
        "@evil.example",
        ".evil.example",
        "/a\r\nSet-Cookie: x=y",
        " //evil.example",
        "/\u{2215}evil.example",
        "",
    ] {
        let mut browser = house.browser();
        let page = browser.get(&oauth::params::append("/auth/sign-in", &[("next", next)]));
        let answer = browser.fill(&page, &[("login", "ann"), ("password", PASSWORD)]);
        assert_eq!((answer.status, answer.location()), (303, "/auth/sessions"), "{next:?}");
        let page = browser.get("/auth/sign-in");
        let answer = browser.fill(&page, &[("login", "ann"), ("password", PASSWORD), ("next", next)]);
        assert_eq!((answer.status, answer.location()), (303, "/auth/sessions"), "{next:?}");
    }
}
