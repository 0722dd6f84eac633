//! Emergency access: asked for, told of on every page, given back, and reviewed.

use identity::factor::totp;

use super::signing_in::unbase32;
use crate::browser::{Browser, House};

const REASON: &str = "unconscious, no kin to ask";

/// Sets up an authenticator app, and returns its key.
async fn app(house: &House, browser: &mut Browser) -> Vec<u8> {
    let page = browser.get("/auth/factors").await;
    let offer = browser.fill(&page, &[("act", "offer")]).await;
    let key = offer.text.split("<code class=\"key\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a key").to_owned();
    let secret = unbase32(&key);
    let codes = browser.fill(&offer, &[("code", &code(house, &secret))]).await;
    assert_eq!(codes.status, 200, "{}", codes.text);
    house.advance_s(60);
    secret
}

fn code(house: &House, secret: &[u8]) -> String {
    totp::code(secret, totp::step_at(store::contract::Clock::now(&*house.clock)))
}

#[tokio::test]
async fn takes_a_patient_a_reason_and_a_code() {
    let house = House::new();
    house.user("ada").await;
    let mut browser = house.signed_in("ada").await;
    let secret = app(&house, &mut browser).await;
    let page = browser.get("/auth/break-glass?patient=p2").await;
    assert!(page.text.contains("Ada &lt;b&gt;Lovelace") && page.text.contains("value=\"p2\" checked"), "{}", page.text);
    let searched = browser.fill(&page, &[("act", "search"), ("search", "Charles"), ("reason", "<i>")]).await;
    assert!(searched.text.contains("Charles") && !searched.text.contains("Lovelace") && searched.text.contains("&lt;i&gt;"));
    let now = code(&house, &secret);
    let broken = [("act", "break"), ("patient", "p1"), ("reason", REASON), ("code", &now)];
    for (wrong, status) in [(("patient", "p1/../p2"), 422), (("reason", "now"), 422), (("code", "000000"), 403)] {
        let filled: Vec<_> = broken.into_iter().filter(|(name, _)| *name != wrong.0).chain([wrong]).collect();
        let refused = browser.fill(&page, &filled).await;
        assert_eq!(refused.status, status, "{wrong:?} {}", refused.text);
        assert!(refused.text.contains("role=\"alert\"") && !refused.text.contains(&now));
    }
    let before = browser.cookies["__Host-ward-session"].clone();
    let done = browser.fill(&page, &broken).await;
    assert_eq!((done.status, done.location()), (303, "/auth/break-glass"), "{}", done.text);
    assert_ne!(browser.cookies["__Host-ward-session"], before, "the session goes on under another token");
    for path in ["/auth/break-glass", "/auth/sessions"] {
        let page = browser.get(path).await;
        assert!(page.text.contains("The glass is broken") && page.text.contains(REASON), "{path}: {}", page.text);
    }
    let page = browser.get("/auth/break-glass").await;
    let mended = browser.fill(&page, &[("act", "mend")]).await;
    assert_eq!(mended.status, 303);
    assert!(!browser.get("/auth/sessions").await.text.contains("The glass is broken"));
}

#[tokio::test]
async fn finds_somebody_who_is_hidden_by_number_and_birth_date_alone() {
    let house = House::new();
    house.user("ada").await;
    let mut browser = house.signed_in("ada").await;
    let secret = app(&house, &mut browser).await;
    let page = browser.get("/auth/break-glass").await;
    let near = [("act", "break"), ("number", "MRN-7"), ("born", "1980-02-28"), ("reason", REASON), ("code", "000000")];
    assert_eq!(browser.fill(&page, &near).await.status, 422);
    let now = code(&house, &secret);
    let exact = [("act", "break"), ("number", "MRN-7"), ("born", "1980-02-29"), ("reason", REASON), ("code", &now)];
    let done = browser.fill(&page, &exact).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert!(browser.get("/auth/break-glass").await.text.contains("<code>hidden</code>"));
}

#[tokio::test]
async fn is_for_those_whose_rules_have_something_to_give() {
    let house = House::new();
    house.user("eve").await;
    let mut browser = house.signed_in("eve").await;
    let page = browser.get("/auth/break-glass").await;
    assert!(page.text.contains("Your roles allow nothing more") && page.forms().is_empty(), "{}", page.text);
    let token = browser.get("/auth/sessions").await;
    let form = token.forms()[0].replace("/auth/sessions", "/auth/break-glass");
    let sent = [("act", "break"), ("patient", "p1"), ("reason", REASON), ("code", "000000")];
    assert_eq!(browser.fill_form(&form, &sent).await.status, 403);
}

#[tokio::test]
async fn is_reviewed_by_an_auditor_and_by_nobody_else() {
    let house = House::new();
    for login in ["ada", "bob", "eve"] {
        house.user(login).await;
    }
    let mut ada = house.signed_in("ada").await;
    let secret = app(&house, &mut ada).await;
    let page = ada.get("/auth/break-glass").await;
    let now = code(&house, &secret);
    ada.fill(&page, &[("act", "break"), ("patient", "p1"), ("reason", REASON), ("code", &now)]).await;
    assert!(ada.get("/auth/reviews").await.text.contains("somebody else reviews it"));
    let mut bob = house.signed_in("bob").await;
    assert_eq!(bob.get("/auth/reviews").await.status, 403);
    let mut eve = house.signed_in("eve").await;
    let queue = eve.get("/auth/reviews").await;
    assert!(queue.text.contains("Dr ada") && queue.text.contains(REASON), "{}", queue.text);
    let short = eve.fill(&queue, &[("verdict", "justified"), ("note", "ok")]).await;
    assert_eq!(short.status, 422);
    let done = eve.fill(&queue, &[("verdict", "not-justified"), ("note", "the patient was <awake>")]).await;
    assert_eq!((done.status, done.location()), (303, "/auth/reviews"), "{}", done.text);
    assert!(eve.get("/auth/reviews").await.text.contains("Nothing waits"));
    let all = eve.get("/auth/reviews?all=yes").await;
    assert!(all.text.contains("Found not justified") && all.text.contains("the patient was &lt;awake&gt;"), "{}", all.text);
}
