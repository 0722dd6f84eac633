//! Accounts: found, invited, given rights, suspended, signed out, removed.

use super::{act, form, house, link, shown_once};
use crate::attacks::factors::Factor;
use crate::attacks::house::PASSWORD;

#[test]
fn an_account_is_looked_after_from_its_invitation_to_its_end() {
    let house = house();
    let mut root = house.signed_in("root");
    Factor::set_up(&mut root);
    assert!(root.get("/auth/sessions").text.contains("href=\"/auth/admin\""), "the page of the account leads there");

    // Invited, with a role in one facility.
    let page = root.get("/auth/admin/invite");
    let filled = [("login", "nora"), ("name", "Nora Nurse"), ("role", "nurse"), ("facility", "Organization/ward"), ("department", "")];
    let made = act(&mut root, &page, "invite", &filled);
    assert_eq!(made.status, 200, "{}", made.text);
    let invitation = shown_once(&made);
    let account = root.get(&link(&made, "The account nora"));
    assert!(account.text.contains("nurse at Organization/ward") && account.text.contains("invited"), "{}", account.text);
    let path = invitation.strip_prefix(&house.origin()).expect("a link to this server").to_owned();
    let mut nora = house.browser();
    let page = nora.get(&path);
    assert!(nora.fill(&page, &[("password", PASSWORD), ("again", PASSWORD)]).status < 400);
    nora.sign_in("nora", PASSWORD);
    assert!(nora.is_signed_in());

    // Found by a part of the name, by status and by role.
    for query in ["text=nora", "status=active&role=nurse", "text=Nurse"] {
        let found = root.get(&format!("/auth/admin/users?{query}"));
        assert!(found.text.contains(">nora</a>") && !found.text.contains(">doc</a>"), "{query}: {}", found.text);
    }
    let address = link(&root.get("/auth/admin/users?text=nora"), "nora");

    // Given other rights: what is in the form is what there is then.
    let page = root.get(&address);
    let rights = [("role", "physician"), ("facility", ""), ("department", "Location/icu"), ("denied", "biller"), ("granted", "")];
    assert_eq!(act(&mut root, &page, "rights", &rights).status, 303);
    let shown = root.get(&address);
    assert!(shown.text.contains("physician at Location/icu") && shown.text.contains("<dd>biller</dd>"), "{}", shown.text);
    let stale = act(&mut root, &page, "rights", &rights);
    assert_eq!((stale.status, stale.text.contains("WARD-1335")), (412, true), "{}", stale.text);
    let unknown = act(&mut root, &shown, "rights", &[("role", "physicain"), ("facility", ""), ("department", "")]);
    assert_eq!((unknown.status, unknown.text.contains("physician")), (400, true), "{}", unknown.text);

    // Signed out, suspended, let in again, a link for a new password, the factors taken off.
    assert!(shown.text.contains("<h3>"), "a session is listed");
    assert_eq!(act(&mut root, &shown, "end-session", &[]).status, 303);
    assert!(!nora.is_signed_in());
    for (does, then) in [("suspend", "suspended"), ("reactivate", "active"), ("reset-factors", "active")] {
        let page = root.get(&address);
        assert_eq!(act(&mut root, &page, does, &[]).status, 303, "{does}");
        assert!(root.get(&address).text.contains(&format!("<dd>{then}</dd>")), "{does}");
    }
    let page = root.get(&address);
    assert!(shown_once(&act(&mut root, &page, "reset-link", &[])).contains("/auth/reset?token="));

    assert_eq!(act(&mut root, &page, "remove", &[]).status, 303);
    assert_eq!(root.get(&address).status, 404);
}

#[test]
fn nothing_is_changed_without_a_second_factor_shown_a_moment_ago() {
    let house = house();
    let mut root = house.signed_in("root");
    let mut factor = Factor::set_up(&mut root);
    let address = link(&root.get("/auth/admin/users?text=doc"), "doc");
    let with_forms = root.get(&address);
    let suspend = form(&with_forms, "suspend").to_owned();

    // In a browser where no second factor was shown the page has no form but the one that asks for it.
    let mut weak = house.browser();
    weak.sign_in("root", PASSWORD);
    let halfway = weak.get("/auth/second-factor");
    assert_eq!(weak.fill(&halfway, &[("code", &factor.next())]).status, 303);
    assert!(weak.get(&address).text.contains("value=\"suspend\""), "the factor was shown at the sign-in");
    let mut boss = house.signed_in("boss");
    let page = boss.get(&address);
    assert!(!page.text.contains("value=\"suspend\"") && page.text.contains("/auth/admin/proof"), "{}", page.text);

    // A form taken from elsewhere does nothing: it belongs to another session, and this one is not fresh.
    assert_eq!(boss.fill_form(&suspend, &[("act", "suspend")]).status, 403);
    let own = page.forms()[0].replace("/auth/admin/proof", &address);
    let refused = boss.fill_form(&own, &[("act", "suspend")]);
    assert_eq!((refused.status, refused.text.contains("Show first that it is you")), (403, true), "{}", refused.text);
    assert!(root.get(&address).text.contains("<dd>active</dd>"));
}

#[test]
fn nobody_hands_out_more_than_they_have_and_the_last_administrator_stays() {
    let house = house();
    let mut boss = house.signed_in("boss");
    Factor::set_up(&mut boss);
    let page = boss.get("/auth/admin/invite");
    let refused =
        act(&mut boss, &page, "invite", &[("login", "mole"), ("role", "system-administrator"), ("facility", ""), ("department", "")]);
    assert_eq!((refused.status, refused.text.contains("WARD-1331")), (403, true), "{}", refused.text);
    assert!(refused.text.contains("value=\"mole\""), "what was filled in is kept");
    let root = link(&boss.get("/auth/admin/users?text=root"), "root");
    let page = boss.get(&root);
    assert_eq!(act(&mut boss, &page, "reset-link", &[]).status, 403);
    assert_eq!(act(&mut boss, &page, "reset-factors", &[]).status, 403);
    assert_eq!(boss.get("/auth/admin/clients").status, 403);

    let mut own = house.signed_in("root");
    Factor::set_up(&mut own);
    let page = own.get(&root);
    let refused = act(&mut own, &page, "remove", &[]);
    assert_eq!((refused.status, refused.text.contains("WARD-1332")), (403, true), "{}", refused.text);
}
