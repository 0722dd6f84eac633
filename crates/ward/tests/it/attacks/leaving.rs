//! Signing out at an app's wish: unasked, by ID tokens that are forged or another's, and to addresses that are not the app's, letter by letter.

use crate::attacks::house::{BACK, Client, House, Prepared};

const LEFT: &str = "https://app.example/left";

fn house() -> (House, Client) {
    let prepared = Prepared::new().usual_people();
    let app = prepared.client(&[
        "App",
        "--public",
        "--redirect-uri",
        BACK,
        "--post-logout-redirect-uri",
        LEFT,
        "--scope",
        "openid online_access patient/*.rs",
    ]);
    prepared.client(&[
        "Other",
        "--public",
        "--redirect-uri",
        BACK,
        "--post-logout-redirect-uri",
        "https://other.example/left",
        "--scope",
        "openid",
    ]);
    (prepared.open(&[]), app)
}

fn leaving(pairs: &[(&str, &str)]) -> String {
    oauth::params::append("/auth/end-session", pairs)
}

#[test]
fn whoever_agrees_is_signed_out_and_sent_back_with_state() {
    let (house, app) = house();
    let document = house.server.get("/.well-known/openid-configuration").json();
    assert_eq!(document.text("end_session_endpoint"), Some(format!("{}/auth/end-session", house.origin()).as_str()));
    let mut browser = house.signed_in("ann");
    let code = house.code(&mut browser, &app, "openid online_access patient/*.rs");
    let answer = house.redeem(&app, &code, &[]).json();
    let (access, id_token) = (answer.text("access_token").expect("a token"), answer.text("id_token").expect("an ID token"));
    let page = browser.get(&leaving(&[("id_token_hint", id_token), ("post_logout_redirect_uri", LEFT), ("state", "s t&x")]));
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(browser.is_signed_in() && house.is_good(access), "a link alone signs nobody out");
    let policy = page.header("content-security-policy");
    assert!(policy.ends_with("form-action 'self' https://app.example"), "{policy}");
    let stays = browser.clone().fill(&page, &[("ward_decision", "stay")]);
    assert!(stays.location() == "/auth/sessions" && browser.is_signed_in());
    let left = browser.fill(&page, &[("ward_decision", "leave")]);
    assert_eq!((left.status, left.location()), (303, "https://app.example/left?state=s%20t%26x"));
    assert!(!browser.is_signed_in(), "the session is over");
    assert!(!house.is_good(access), "and what holds while it lasts is, too");
    // Whoever is signed out already is sent on; without an app's wish, a page says so.
    assert_eq!(browser.get(&leaving(&[("client_id", &app.id), ("post_logout_redirect_uri", LEFT)])).location(), LEFT);
    assert_eq!(browser.get("/auth/end-session").status, 200);
}

#[test]
fn nobody_is_sent_elsewhere_or_signed_out_unasked() {
    let (house, app) = house();
    let mut browser = house.signed_in("ann");
    for address in [
        "https://app.example/left/",
        "https://app.example/left?x=1",
        "https://app.example/Left",
        "https://app.example:443/left",
        "https://app.example/%6Ceft",
        "https://evil.example/left",
        "https://other.example/left",
        "https://app.example@evil.example/left",
        "//evil.example",
        "javascript:alert(1)",
        BACK,
    ] {
        let page = browser.get(&leaving(&[("client_id", &app.id), ("post_logout_redirect_uri", address)]));
        assert_eq!((page.status, page.location()), (400, ""), "{address}");
    }
    assert_eq!(browser.get(&leaving(&[("post_logout_redirect_uri", LEFT)])).status, 400, "nobody says whose address it is");
    assert_eq!(browser.get(&leaving(&[("client_id", "c-nobody")])).status, 400);
    assert_eq!(browser.get(&format!("{}&client_id={}", leaving(&[("client_id", &app.id)]), app.id)).status, 400, "twice");
    // A form of another site is made a link, which asks; one that pretends to be of the page is refused.
    let wish = [("client_id", app.id.as_str()), ("post_logout_redirect_uri", LEFT), ("ward_decision", "leave")];
    let sent = browser.post("/auth/end-session", &wish, &[("Origin", "https://evil.example")]);
    assert!(sent.status == 303 && sent.location().starts_with("/auth/end-session?") && !sent.location().contains("ward_decision"));
    let page = browser.get(&leaving(&wish[..2]));
    let token = crate::attacks::browser::fields(page.forms()[0]).into_iter().find(|(name, _)| name == "form_token").expect("a token").1;
    let forged = [wish[0], wish[1], wish[2], ("form_token", token.as_str())];
    assert_eq!(browser.post("/auth/end-session", &forged, &[("Origin", "https://evil.example")]).status, 403);
    assert!(browser.is_signed_in());
}

#[test]
fn an_id_token_that_is_forged_or_anothers_says_nothing() {
    let (house, app) = house();
    let mut browser = house.signed_in("ann");
    let code = house.code(&mut browser, &app, "openid patient/*.rs");
    let good = house.redeem(&app, &code, &[]).json().text("id_token").expect("an ID token").to_owned();
    let parts: Vec<&str> = good.split('.').collect();
    let encode = identity::base64url::encode;
    let claims = String::from_utf8(identity::base64url::decode(parts[1]).expect("base64url")).expect("text");
    let changed = encode(claims.replace(&app.id, "c-other").as_bytes());
    for forged in [
        format!("{}.{changed}.{}", parts[0], parts[2]),
        format!("{}.{}.", encode(br#"{"alg":"none"}"#), parts[1]),
        format!("{}.{}.{}", encode(br#"{"alg":"HS256","typ":"JWT"}"#), parts[1], parts[2]),
        format!("{}.{}.{}", parts[0], parts[1], encode(&[7; 256])),
        "a.b.c".to_owned(),
        good[..good.len() - 8].to_owned(),
    ] {
        let page = browser.get(&leaving(&[("id_token_hint", &forged), ("post_logout_redirect_uri", LEFT)]));
        assert_eq!((page.status, page.location()), (400, ""), "{forged}");
    }
    let page = browser.get(&leaving(&[("id_token_hint", &good), ("client_id", "c-other")]));
    assert_eq!(page.status, 400, "it was given to another client");
    let mut other = house.signed_in("bob");
    let page = other.get(&leaving(&[("id_token_hint", &good)]));
    assert!(page.status == 200 && page.text.contains("means another account"), "{}", page.text);
}
