//! Apps, API keys, roles, and why somebody may do something.

use super::{act, house, link, shown_once};
use crate::attacks::factors::Factor;

const NO_PLACE: [(&str, &str); 2] = [("facility", ""), ("department", "")];

#[test]
fn apps_and_keys_are_made_and_taken_back_and_their_secrets_shown_once() {
    let house = house();
    let mut root = house.signed_in("root");
    Factor::set_up(&mut root);
    let page = root.get("/auth/admin/clients");
    let service = [&[("name", "Nightly"), ("scope", "system/*.rs"), ("role", "service")][..], &NO_PLACE].concat();
    let made = act(&mut root, &page, "add", &service);
    let secret = shown_once(&made);
    let address = link(&made, "Nightly");
    let id = address.rsplit('/').next().expect("an id").to_owned();
    let asked = [("grant_type", "client_credentials"), ("client_id", id.as_str()), ("client_secret", &secret), ("scope", "system/*.rs")];
    assert_eq!(house.form("/auth/token", &asked).status, 200);
    let shown = root.get(&address);
    assert!(shown.text.contains("system/*.rs") && !shown.text.contains(&secret));
    let other = shown_once(&act(&mut root, &shown, "secret", &[]));
    assert_ne!(other, secret);
    assert_eq!(act(&mut root, &shown, "remove", &[]).status, 303);
    assert_eq!(house.form("/auth/token", &asked).status, 401);
    let bad = act(&mut root, &page, "add", &[("name", "Bad"), ("scope", "patient/*.rs"), ("redirectUris", "javascript:1")]);
    assert_eq!((bad.status, bad.text.contains("value=\"Bad\"")), (400, true), "{}", bad.text);

    let page = root.get("/auth/admin/keys");
    let made = act(&mut root, &page, "make", &[&[("name", "Lab"), ("eachMinute", "100"), ("role", "service")][..], &NO_PLACE].concat());
    let key = shown_once(&made);
    assert_eq!(house.get(&key, "/fhir/Patient").status, 200);
    let page = root.get("/auth/admin/keys");
    assert!(page.text.contains("<h3>Lab</h3>") && !page.text.contains(&key), "{}", page.text);
    let bad = act(&mut root, &page, "make", &[("name", "Odd"), ("eachMinute", "many")]);
    assert_eq!((bad.status, bad.text.contains("a whole number")), (400, true));
    assert_eq!(act(&mut root, &page, "revoke", &[]).status, 303);
    assert_eq!(house.get(&key, "/fhir/Patient").status, 401);
}

#[test]
fn roles_are_read_and_explained() {
    let house = house();
    let mut eve = house.signed_in("eve");
    let page = eve.get("/auth/admin/roles");
    let role = eve.get(&link(&page, "physician"));
    assert!(role.text.contains("Who has it") && role.text.contains("&quot;rules&quot;"), "{}", role.text);
    let holders = eve.get(&link(&role, "Who has it"));
    assert!(holders.text.contains(">doc</a>") && !holders.text.contains(">ann</a>"), "{}", holders.text);
    for (who, outcome) in [("doc", "<h2 id=\"answer\">allowed"), ("eve", "<h2 id=\"answer\">refused")] {
        let why = eve.get(&format!("/auth/admin/explain?user={who}&interaction=read&type=Observation&id=of-ann"));
        assert!(why.status == 200 && (why.text.contains(outcome) || who == "doc" && why.text.contains("sometimes")), "{}", why.text);
    }
    let wrong = eve.get("/auth/admin/explain?user=doc&interaction=read&type=Observatoin");
    assert_eq!((wrong.status, wrong.text.contains("Observation")), (400, true), "{}", wrong.text);
    // Who may look may not change.
    assert!(!page.text.contains("/auth/admin/proof") && eve.get("/auth/admin/invite").status == 403);
}
