//! Accounts with a part in several tenants, and in another one.

use crate::browser::{House, PASSWORD};

#[tokio::test]
async fn whoever_has_a_part_in_several_finds_the_way_to_each() {
    let house = House::new();
    house.member("ada", &[1, 2]).await;
    let page = house.signed_in("ada").await.get("/auth/sessions").await;
    assert!(page.text.contains("Where you have a part") && page.text.contains("Main (this one)"), "{}", page.text);
    assert!(page.text.contains("href=\"https://ward.test/t/2/auth/sessions\">North &lt;Clinic&gt;</a>"), "{}", page.text);
    house.user("bob").await;
    let page = house.signed_in("bob").await.get("/auth/sessions").await;
    assert!(!page.text.contains("Where you have a part"), "there is no other: {}", page.text);
}

#[tokio::test]
async fn whoever_has_a_part_elsewhere_only_gets_no_session_here() {
    let house = House::new();
    house.member("eve", &[2]).await;
    let mut browser = house.browser();
    let page = browser.get("/auth/sign-in").await;
    let answer = browser.fill(&page, &[("login", "eve"), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, 403);
    assert!(answer.text.contains("WARD-1359") && answer.text.contains("https://ward.test/t/2/auth/sessions"), "{}", answer.text);
    assert_eq!(browser.get("/auth/sessions").await.location(), "/auth/sign-in?next=%2Fauth%2Fsessions", "nobody is signed in");
    let wrong = browser.fill(&page, &[("login", "eve"), ("password", "something else entirely")]).await;
    assert!(!wrong.text.contains("WARD-1359"), "without the password nobody learns where somebody has a part");
}
