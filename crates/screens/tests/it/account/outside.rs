//! Signing in with an account elsewhere: the pages, and what the browser keeps. (What is accepted of a provider, the tests of `federation` say.)

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use federation::ask::{Ask, Question};
use federation::provider::{OpenId, OutsideProvider, Proof, Protocol};
use oauth::client::fetch::{Document, Fetch};
use store::contract::Pending;

use crate::browser::{House, attribute};

/// A provider that says where people sign in, and signs in nobody.
#[derive(Default)]
struct Closed {
    is_down: AtomicBool,
}

impl Fetch for Closed {
    fn fetch<'a>(&'a self, _: &'a str) -> Pending<'a, Result<Document, String>> {
        let text = br#"{"issuer":"https://city.test","authorization_endpoint":"https://login.city.test/a?x=1","token_endpoint":"https://city.test/t","jwks_uri":"https://city.test/j","end_session_endpoint":"https://login.city.test/out?y=2"}"#;
        let answer =
            if self.is_down.load(Ordering::SeqCst) { Err("the host does not answer".to_owned()) } else { Ok((text.to_vec(), None)) };
        Box::pin(async { answer })
    }
}

impl Ask for Closed {
    fn ask<'a>(&'a self, _: Question<'a>) -> Pending<'a, Result<Vec<u8>, String>> {
        Box::pin(async { Err("the host answers that it is not there, or elsewhere".to_owned()) })
    }
}

async fn house() -> (House, Arc<Closed>) {
    let closed = Arc::new(Closed::default());
    let house = House::asking(closed.clone());
    let openid = OpenId { issuer: "https://city.test".into(), client_id: "ward".into(), proof: Proof::Public, scopes: "openid".into() };
    let provider = OutsideProvider {
        tenant: 1,
        slug: "city".into(),
        name: "City <Hospital>".into(),
        protocol: Protocol::OpenId(openid),
        second_factor: Vec::new(),
        login_claim: "sub".into(),
        newcomers: None,
        active: true,
        created: 0,
    };
    house.federation.add(provider, None).await.expect("a provider");
    (house, closed)
}

#[tokio::test]
async fn the_page_offers_providers_and_sends_the_browser_there() {
    let (house, closed) = house().await;
    let mut browser = house.browser();
    let page = browser.get("/auth/sign-in?next=%2Fauth%2Fauthorize%3Fclient_id%3Da").await;
    assert!(page.text.contains("Sign in with City &lt;Hospital&gt;"), "{}", page.text);
    let link = page.text.split("<a ").find(|tag| tag.contains("/auth/outside/")).and_then(|tag| attribute(tag, "href")).expect("a link");
    assert_eq!(link, "/auth/outside/city?next=%2Fauth%2Fauthorize%3Fclient_id%3Da");
    let sent = browser.get(&link).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    assert!(sent.location().starts_with("https://login.city.test/a?x=1&response_type=code&"), "{}", sent.location());
    let cookie =
        sent.headers.get_all("set-cookie").iter().find_map(|value| value.to_str().ok().filter(|text| text.contains("ward-outside")));
    let cookie = cookie.expect("a cookie");
    assert!(cookie.contains("SameSite=Lax") && cookie.contains("Max-Age=600"), "{cookie}");
    assert_eq!(browser.get("/auth/outside/other").await.status, 404);
    closed.is_down.store(true, Ordering::SeqCst);
    house.advance_s(3600);
    let down = browser.get("/auth/outside/city").await;
    assert!(down.status == 502 && down.text.contains("WARD-1441"), "{}", down.text);
}

#[tokio::test]
async fn an_answer_that_is_refused_leaves_nothing_in_the_browser() {
    let (house, _) = house().await;
    for (query, status, code) in [
        ("state=STATE&error=access_denied", 403, "WARD-1443"),
        ("state=STATE&code=c", 502, "WARD-1441"),
        ("state=other&code=c", 409, "WARD-1442"),
        ("code=c", 409, "WARD-1442"),
        ("state=STATE", 403, "WARD-1444"),
        ("state=STATE&code=c&iss=https://evil.test", 403, "WARD-1444"),
        ("state=STATE&state=STATE&code=c", 400, "twice"),
    ] {
        let mut browser = house.browser();
        let sent = browser.get("/auth/outside/city").await;
        let state = sent.location().split("&state=").nth(1).and_then(|rest| rest.split('&').next()).expect("a state").to_owned();
        let answer = browser.get(&format!("/auth/outside/city/callback?{}", query.replace("STATE", &state))).await;
        assert_eq!(answer.status, status, "{query}: {}", answer.text);
        assert!(answer.text.contains(code), "{query}: {}", answer.text);
        assert!(browser.cookies.keys().all(|name| !name.contains("outside") && !name.contains("session")), "{:?}", browser.cookies);
        assert!(!answer.text.contains(&state));
    }
}

#[tokio::test]
async fn linking_needs_a_session_and_a_form_of_this_server() {
    let (house, _) = house().await;
    house.user("ada").await;
    let mut stranger = house.browser();
    assert_eq!(stranger.get("/auth/links").await.location(), "/auth/sign-in?next=%2Fauth%2Flinks");
    let mut browser = house.signed_in("ada").await;
    let page = browser.get("/auth/links").await;
    assert!(page.text.contains("None is linked."), "{}", page.text);
    let forged = browser.post("/auth/links", &[("link".into(), "city".into())], &[("origin", "https://evil.test")]).await;
    assert_eq!(forged.status, 403);
    let going = browser.fill(&page, &[("link", "city")]).await;
    assert_eq!(going.status, 200);
    let refresh = going.headers["refresh"].to_str().expect("text");
    assert!(refresh.starts_with("0;url=https://login.city.test/a?x=1&"), "{refresh}");
    let unlinked = browser.fill(&page, &[("unlink", "l-1")]).await;
    assert!(unlinked.status == 422 && unlinked.text.contains("WARD-1351"), "{}", unlinked.text);
}

#[tokio::test]
async fn whoever_came_by_a_provider_is_told_that_they_may_be_signed_in_there_still() {
    let (house, closed) = house().await;
    house.user("ada").await;
    let leave = async |came_by: Option<&str>| {
        let mut browser = house.signed_in("ada").await;
        browser.cookies.extend(came_by.map(|slug| ("__Host-ward-came-by".to_owned(), slug.to_owned())));
        let page = browser.get("/auth/sessions").await;
        let form = *page.forms().iter().find(|form| form.contains("/auth/sign-out")).expect("a form to sign out");
        let answer = browser.fill_form(form, &[]).await;
        assert!(browser.get("/auth/sessions").await.location().starts_with("/auth/sign-in"), "signed out here, whatever is there");
        assert!(!browser.cookies.keys().any(|name| name.contains("came-by")), "{:?}", browser.cookies);
        answer
    };
    let answer = leave(Some("city")).await;
    assert!(answer.status == 200 && answer.text.contains("Sign out at City &lt;Hospital&gt;, too"), "{}", answer.text);
    let link = answer.text.split("<a ").filter(|tag| tag.contains("login.city.test")).find_map(|tag| attribute(tag, "href"));
    let back = "https%3A%2F%2Fward.test%2Fauth%2Foutside%2Fcity%2Fsigned-out";
    assert_eq!(link.as_deref(), Some(&*format!("https://login.city.test/out?y=2&client_id=ward&post_logout_redirect_uri={back}")));
    let mut browser = house.browser();
    let page = browser.get("/auth/outside/city/signed-out").await;
    assert!(page.status == 200 && page.text.contains("You are signed out"), "{}", page.text);
    // Nobody else is bothered, and a provider that cannot be asked, or that there is not, holds nobody.
    for other in [None, Some("other"), Some("../x")] {
        assert_eq!(leave(other).await.location(), "/auth/sign-in", "{other:?}");
    }
    closed.is_down.store(true, Ordering::SeqCst);
    house.advance_s(3600);
    assert_eq!(leave(Some("city")).await.location(), "/auth/sign-in");
}
