//! Forms are taken from Ward's own pages, of the same session, and from nowhere else.

use crate::browser::{House, ORIGIN, PASSWORD, attribute};

/// All pages with forms that somebody who is signed in can be shown, and those that anybody can.
const SIGNED: [&str; 5] = ["/auth/sessions", "/auth/factors", "/auth/password", "/auth/device", "/auth/apps"];
const ANYBODY: [&str; 6] =
    ["/auth/sign-in", "/auth/reset", "/auth/reset?token=x", "/auth/set-up?token=x", "/auth/registration", "/auth/verification?token=x"];

#[tokio::test]
async fn takes_no_form_of_another_site() {
    let house = House::new();
    house.user("ada").await;
    let mut browser = house.signed_in("ada").await;
    for path in SIGNED.iter().chain(&ANYBODY).filter(|path| **path != "/auth/apps") {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        for form in page.forms() {
            let action = attribute(form, "action").expect("an action");
            let token = form.split("form_token").nth(1).and_then(|rest| attribute(rest, "value")).expect("a token");
            assert_eq!(token.len(), 64, "{path}");
            let pairs = |token: &str| vec![("form_token".to_owned(), token.to_owned()), ("end".to_owned(), "x".to_owned())];
            for (pairs, headers) in [
                (pairs(&token), vec![]),
                (pairs(&token), vec![("origin", "https://evil.example")]),
                (pairs(&token), vec![("origin", "null")]),
                (pairs(&token), vec![("origin", "http://ward.test")]),
                (pairs(&token), vec![("sec-fetch-site", "cross-site")]),
                (pairs(&token), vec![("sec-fetch-site", "same-site")]),
                (pairs(&token), vec![("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")]),
                (pairs(""), vec![("origin", ORIGIN)]),
                (pairs(&"0".repeat(64)), vec![("origin", ORIGIN)]),
                (vec![], vec![("origin", ORIGIN)]),
            ] {
                let answer = browser.post(&action, &pairs, &headers).await;
                assert_eq!(answer.status, 403, "{path} {action} {headers:?}");
                assert!(answer.text.contains("out of date"), "{path}");
            }
        }
    }
    assert_eq!(browser.get("/auth/sessions").await.status, 200, "nothing was done");
}

#[tokio::test]
async fn takes_no_form_of_another_session() {
    let house = House::new();
    house.user("ada").await;
    let (mut here, mut there) = (house.signed_in("ada").await, house.signed_in("ada").await);
    let page = there.get("/auth/password").await;
    let filled = [("old", PASSWORD), ("password", "another-good-long-one-9"), ("again", "another-good-long-one-9")];
    assert_eq!(here.fill(&page, &filled).await.status, 403);
    let mut visitor = house.browser();
    let page = visitor.get("/auth/sign-in").await;
    let mut victim = house.browser();
    victim.get("/auth/sign-in").await;
    // Somebody is to be signed in unawares, as whoever sends the form.
    assert_eq!(victim.fill(&page, &[("login", "ada"), ("password", PASSWORD)]).await.status, 403);
    victim.cookies.clear();
    assert_eq!(victim.fill(&page, &[("login", "ada"), ("password", PASSWORD)]).await.status, 403);
}

#[tokio::test]
async fn takes_forms_only() {
    let house = House::new();
    let mut browser = house.browser();
    for kind in ["", "text/plain", "application/json", "multipart/form-data; boundary=x"] {
        let answer = browser.send("POST", "/auth/sign-in", &[("origin", ORIGIN), ("content-type", kind)], "form_token=x".into()).await;
        assert_eq!(answer.status, 415, "{kind}");
    }
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let long = browser.send("POST", "/auth/sign-in", &[("origin", ORIGIN), kind], "a".repeat(70_000)).await;
    assert_eq!(long.status, 413);
    let broken = browser.send("POST", "/auth/sign-in", &[("origin", ORIGIN), kind], "a=%zz".into()).await;
    assert_eq!(broken.status, 400);
}
