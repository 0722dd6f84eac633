//! What links lead to: the first start, invitations, resets, verification; and the change of a password.

use identity::accounts::Invitation;

use crate::browser::{House, PASSWORD};

const NEW: &str = "marmot-teapot-viaduct-38";

#[tokio::test]
async fn sets_a_server_up_once() {
    let house = House::new();
    let (token, _) = house.identity.first_start().await.expect("asked").expect("a link");
    let mut browser = house.browser();
    let page = browser.get(&format!("/auth/set-up?token={}", token.expose())).await;
    let weak = [("login", "root"), ("name", "Root <script>"), ("password", "password1"), ("again", "password1")];
    let refused = browser.fill(&page, &weak).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Root &lt;script&gt;") && !refused.text.contains("password1"), "{}", refused.text);
    let differs = [("login", "root"), ("name", "Root"), ("password", NEW), ("again", "another")];
    assert_eq!(browser.fill(&page, &differs).await.status, 422);
    let good = [("login", "root"), ("name", "Root"), ("password", NEW), ("again", NEW)];
    let done = browser.fill(&page, &good).await;
    assert!(done.status == 200 && done.text.contains("Ward is set up"), "{}", done.text);
    assert_eq!(browser.fill(&page, &good).await.status, 410, "the link was used");
    assert!(house.identity.find_user("root").await.expect("asked").is_some());
}

#[tokio::test]
async fn lets_somebody_who_is_invited_choose_a_password() {
    let house = House::new();
    let asked = Invitation { login: "ada".into(), name: "Ada".into(), email: None, locale: None, memberships: vec![] };
    let (_, token) = house.identity.invite(asked).await.expect("invited");
    let mut browser = house.browser();
    let page = browser.get(&format!("/auth/invitation?token={}", token.expose())).await;
    assert!(page.text.contains("Welcome, Ada"), "{}", page.text);
    assert_eq!(page.headers["referrer-policy"], "same-origin", "the link is told to nobody else, and forms say where they come from");
    assert_eq!(browser.fill(&page, &[("password", NEW), ("again", NEW)]).await.status, 200);
    assert_eq!(browser.get(&format!("/auth/invitation?token={}", token.expose())).await.status, 410);
    assert_eq!(browser.get("/auth/invitation").await.status, 410);
}

#[tokio::test]
async fn resets_a_password_and_tells_nobody_who_has_an_account() {
    let house = House::new();
    house.user("ada").await;
    let mut there = house.signed_in("ada").await;
    let mut browser = house.browser();
    let page = browser.get("/auth/reset").await;
    let (known, unknown) = (browser.fill(&page, &[("login", "ada")]).await, browser.fill(&page, &[("login", "nobody")]).await);
    assert_eq!((known.status, known.text), (unknown.status, unknown.text));
    let token = house.last_token();
    let page = browser.get(&format!("/auth/reset?token={token}")).await;
    assert_eq!(browser.fill(&page, &[("password", NEW), ("again", NEW)]).await.status, 200);
    assert_eq!(there.get("/auth/sessions").await.status, 303, "all sessions have ended");
    assert_eq!(browser.fill(&page, &[("password", NEW), ("again", NEW)]).await.status, 410);
    let page = browser.get("/auth/sign-in").await;
    assert_eq!(browser.fill(&page, &[("login", "ada"), ("password", PASSWORD)]).await.status, 403);
    assert_eq!(browser.fill(&page, &[("login", "ada"), ("password", NEW)]).await.status, 303);
}

#[tokio::test]
async fn changes_a_password_and_goes_on_under_another_token() {
    let house = House::new();
    house.user("ada").await;
    let (mut here, mut there) = (house.signed_in("ada").await, house.signed_in("ada").await);
    let before = here.cookies["__Host-ward-session"].clone();
    let page = here.get("/auth/password").await;
    assert_eq!(here.fill(&page, &[("old", "wrong"), ("password", NEW), ("again", NEW)]).await.status, 403);
    assert_eq!(here.fill(&page, &[("old", PASSWORD), ("password", NEW), ("again", NEW)]).await.status, 303);
    assert_ne!(here.cookies["__Host-ward-session"], before);
    assert_eq!((here.get("/auth/sessions").await.status, there.get("/auth/sessions").await.status), (200, 303));
}

#[tokio::test]
async fn registers_people_who_answer_a_letter() {
    let house = House::new();
    let mut browser = house.browser();
    let page = browser.get("/auth/registration").await;
    let filled = [("login", "pat"), ("name", "Pat"), ("email", "pat@ward.test"), ("password", NEW), ("again", NEW)];
    assert_eq!(browser.fill(&page, &filled).await.status, 200);
    let sign_in = browser.get("/auth/sign-in").await;
    assert_eq!(browser.fill(&sign_in, &[("login", "pat"), ("password", NEW)]).await.status, 403, "the letter was not answered");
    let link = format!("/auth/verification?token={}", house.last_token());
    browser.get(&link).await;
    let page = browser.get(&link).await;
    assert_eq!(browser.fill(&page, &[]).await.status, 200, "to look at the link does not use it up");
    assert_eq!(browser.fill(&sign_in, &[("login", "pat"), ("password", NEW)]).await.status, 303);
}
