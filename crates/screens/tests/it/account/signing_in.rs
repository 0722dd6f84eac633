//! Signing in and out, second factors, sessions.

use identity::factor::totp;

use crate::browser::{House, PASSWORD, attribute};

#[tokio::test]
async fn lets_somebody_in_by_a_password_and_out_again() {
    let house = House::new();
    house.user("ada").await;
    let mut browser = house.browser();
    let page = browser.get("/auth/sessions").await;
    assert_eq!((page.status, page.location()), (303, "/auth/sign-in?next=%2Fauth%2Fsessions"));
    let page = browser.get(page.location()).await;
    let wrong = browser.fill(&page, &[("login", "ada"), ("password", "wrong")]).await;
    assert_eq!(wrong.status, 403, "{}", wrong.text);
    assert!(
        wrong.text.contains("role=\"alert\"") && wrong.text.contains("WARD-13") && wrong.text.contains("value=\"ada\""),
        "{}",
        wrong.text
    );
    assert!(!wrong.text.contains("\"wrong\"") && !browser.cookies.contains_key("__Host-ward-session"));
    let answer = browser.fill(&wrong, &[("login", "ada"), ("password", PASSWORD)]).await;
    assert_eq!((answer.status, answer.location()), (303, "/auth/sessions"), "{}", answer.text);
    let page = browser.get("/auth/sessions").await;
    assert!(page.text.contains("Dr ada") && page.text.contains("Test &lt;browser&gt; (this one)"), "{}", page.text);
    assert_eq!(page.headers["cache-control"], "no-store");
    let before = browser.cookies["__Host-ward-session"].clone();
    let forms = page.forms();
    let out = browser.fill_form(forms.last().expect("the form to sign out"), &[]).await;
    assert_eq!((out.status, out.location()), (303, "/auth/sign-in"));
    assert!(!browser.cookies.contains_key("__Host-ward-session"));
    browser.cookies.insert("__Host-ward-session".into(), before);
    assert_eq!(browser.get("/auth/sessions").await.status, 303, "the session is over, whoever kept its cookie");
}

#[tokio::test]
async fn gives_each_sign_in_a_session_of_its_own() {
    let house = House::new();
    house.user("ada").await;
    let mut browser = house.browser();
    let page = browser.get("/auth/sign-in").await;
    // Somebody has put a session of theirs into the browser, or one that they made up.
    browser.cookies.insert("__Host-ward-session".into(), "0".repeat(64));
    let refused = browser.fill(&page, &[("login", "ada"), ("password", PASSWORD)]).await;
    assert_eq!(refused.status, 403, "the form belongs to what was there before");
    let page = browser.get("/auth/sign-in").await;
    browser.fill(&page, &[("login", "ada"), ("password", PASSWORD)]).await;
    assert_ne!(browser.cookies["__Host-ward-session"], "0".repeat(64));
}

#[tokio::test]
async fn goes_back_to_this_server_alone() {
    let house = House::new();
    house.user("ada").await;
    for (next, location) in [
        ("/auth/factors", "/auth/factors"),
        ("/auth/authorize?client_id=a&state=b%20c", "/auth/authorize?client_id=a&state=b%20c"),
        ("https://evil.example/", "/auth/sessions"),
        ("//evil.example/", "/auth/sessions"),
        ("/\\evil.example", "/auth/sessions"),
        ("javascript:alert(1)", "/auth/sessions"),
        ("/a\r\nset-cookie: x=y", "/auth/sessions"),
    ] {
        let mut browser = house.browser();
        let page = browser.get(&oauth::params::append("/auth/sign-in", &[("next", next)])).await;
        let answer = browser.fill(&page, &[("login", "ada"), ("password", PASSWORD)]).await;
        assert_eq!((answer.status, answer.location()), (303, location), "{next}");
        let page = browser.get("/auth/sign-in").await;
        let answer = browser.fill(&page, &[("login", "ada"), ("password", PASSWORD), ("next", next)]).await;
        assert_eq!(answer.location(), location, "{next}");
    }
}

#[tokio::test]
async fn asks_for_the_second_factor() {
    let house = House::new();
    house.user("ada").await;
    let mut browser = house.signed_in("ada").await;
    let page = browser.get("/auth/factors").await;
    let offer = browser.fill(&page, &[("act", "offer")]).await;
    let key = offer.text.split("<code class=\"key\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a key").to_owned();
    let address = attribute(&offer.text, "a href=\"otpauth").is_none();
    assert!(address && offer.text.contains("otpauth://totp/"), "{}", offer.text);
    let secret = unbase32(&key);
    let code = |at| totp::code(&secret, totp::step_at(at));
    let wrong = browser.fill(&offer, &[("code", "000000")]).await;
    assert_eq!(wrong.status, 403);
    let codes = browser.fill(&offer, &[("code", &code(store::contract::Clock::now(&*house.clock)))]).await;
    assert_eq!(codes.status, 200, "{}", codes.text);
    let recovery = codes.text.split("<li><code>").nth(1).and_then(|rest| rest.split('<').next()).expect("a code").to_owned();
    house.advance_s(60);
    for (given, status) in [("000000", 403), (code(store::contract::Clock::now(&*house.clock)).as_str(), 303)] {
        let mut browser = house.browser();
        let page = browser.get("/auth/sign-in?next=%2Fauth%2Fapps").await;
        let half = browser.fill(&page, &[("login", "ada"), ("password", PASSWORD)]).await;
        assert_eq!((half.status, half.location()), (303, "/auth/second-factor?next=%2Fauth%2Fapps"));
        assert!(!browser.cookies.contains_key("__Host-ward-session"), "half is none");
        assert_eq!(browser.get("/auth/sessions").await.status, 303);
        let page = browser.get(half.location()).await;
        assert!(page.text.contains("autocomplete=\"one-time-code\""));
        let answer = browser.fill(&page, &[("code", given)]).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        assert_eq!(browser.cookies.contains_key("__Host-ward-session"), status == 303);
    }
    let mut other = house.browser();
    let page = other.get("/auth/sign-in").await;
    let half = other.fill(&page, &[("login", "ada"), ("password", PASSWORD)]).await;
    let page = other.get(half.location()).await;
    assert_eq!(other.fill(&page, &[("code", &recovery)]).await.location(), "/auth/sessions");
    assert_eq!(house.browser().get("/auth/second-factor").await.location(), "/auth/sign-in");
}

pub(super) fn unbase32(text: &str) -> Vec<u8> {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for letter in text.bytes().filter(u8::is_ascii_alphanumeric) {
        let value = if letter.is_ascii_uppercase() { letter - b'A' } else { letter - b'2' + 26 };
        (bits, count) = (bits << 5 | u32::from(value), count + 5);
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

#[tokio::test]
async fn ends_sessions_elsewhere() {
    let house = House::new();
    house.user("ada").await;
    house.user("bob").await;
    let (mut here, mut there, mut bob) = (house.signed_in("ada").await, house.signed_in("ada").await, house.signed_in("bob").await);
    let page = here.get("/auth/sessions").await;
    let handles: Vec<String> =
        page.text.split("name=\"end\"").skip(1).filter_map(|rest| attribute(rest.split('>').next()?, "value")).collect();
    assert_eq!(handles.len(), 1, "{}", page.text);
    let theirs = bob.get("/auth/sessions").await;
    let refused = bob.fill(&theirs, &[("end", &handles[0]), ("others", "")]).await;
    assert_eq!(refused.status, 422, "nobody ends another's");
    assert_eq!(there.get("/auth/sessions").await.status, 200);
    let form = page.forms().into_iter().find(|form| form.contains("name=\"end\"")).expect("a form").to_owned();
    assert_eq!(here.fill_form(&form, &[("end", &handles[0])]).await.status, 303);
    assert_eq!(there.get("/auth/sessions").await.status, 303, "it is over");
    let mut there = house.signed_in("ada").await;
    let page = here.get("/auth/sessions").await;
    let form = page.forms().into_iter().find(|form| form.contains("name=\"others\"")).expect("a form").to_owned();
    here.fill_form(&form, &[("others", "yes")]).await;
    assert_eq!((here.get("/auth/sessions").await.status, there.get("/auth/sessions").await.status), (200, 303));
}
