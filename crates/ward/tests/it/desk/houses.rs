//! Tenants: added, named, coloured and suspended on pages; and the name and colour of one on no page of another.

use super::{act, house};
use crate::attacks::factors::Factor;
use crate::attacks::house::{House, PASSWORD};
use crate::process::run_well;

/// Somebody with the role of a system administrator in the tenant `north` alone.
fn northerner(house: &House) {
    let line = format!(
        r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"nils","roles":[{{"value":"system-administrator"}}],"password":"{PASSWORD}"}}"#
    );
    std::fs::write(house.folder.path().join("north.ndjson"), line).expect("written");
    run_well(house.folder.path(), &["user", "import", "north.ndjson", "--tenant", "north"]);
}

#[test]
fn a_house_has_its_name_and_colour_on_its_own_pages_alone() {
    let house = house();
    let mut root = house.signed_in("root");
    Factor::set_up(&mut root);
    let page = root.get("/auth/admin/tenants");
    let pale = act(&mut root, &page, "add", &[("slug", "north"), ("name", "North Clinic"), ("accent", "#ffee00")]);
    assert_eq!((pale.status, pale.text.contains("a contrast of 1.20")), (400, true), "{}", pale.text);
    assert!(pale.text.contains("value=\"North Clinic\""), "what was filled in is kept");
    for (slug, name, accent) in [("north", "North Clinic", "#00566b"), ("south", "South House", "#5b2a86")] {
        let made = act(&mut root, &page, "add", &[("slug", slug), ("name", name), ("accent", accent)]);
        assert_eq!(made.status, 303, "{}", made.text);
    }
    let mut browser = house.browser();
    for (slug, own, others) in [
        ("north", ["North Clinic", "#00566b"], ["South House", "#5b2a86"]),
        ("south", ["South House", "#5b2a86"], ["North Clinic", "#00566b"]),
    ] {
        for path in ["sign-in", "reset"] {
            let page = browser.get(&format!("/t/{slug}/auth/{path}"));
            assert!(page.text.contains(own[0]) && page.text.contains(&format!("href=\"/t/{slug}/auth/house.css\"")), "{}", page.text);
            assert!(!page.text.contains(others[0]), "{}", page.text);
        }
        let style = browser.get(&format!("/t/{slug}/auth/house.css"));
        assert!(style.text.contains(own[1]) && !style.text.contains(others[1]), "{}", style.text);
    }
    let first = browser.get("/auth/sign-in");
    assert!(first.text.contains("· Ward</title>") && !first.text.contains("Clinic") && !first.text.contains("house.css"), "{}", first.text);
    assert_eq!(browser.get("/auth/house.css").text, "");

    // Changed on its page: the next page has it.
    let page = root.get("/auth/admin/tenants/north");
    assert_eq!(act(&mut root, &page, "set", &[("name", "Northern Light"), ("accent", "")]).status, 303);
    let page = browser.get("/t/north/auth/sign-in");
    assert!(page.text.contains("Northern Light") && !page.text.contains("house.css"), "{}", page.text);

    // Suspended, let in again, and ended by its name alone.
    for (does, status) in [("suspend", 503), ("reactivate", 200)] {
        let page = root.get("/auth/admin/tenants/north");
        assert_eq!(act(&mut root, &page, does, &[]).status, 303, "{does}");
        assert_eq!(browser.get("/t/north/auth/sign-in").status, status, "{does}");
    }
    let page = root.get("/auth/admin/tenants/south");
    assert_eq!(act(&mut root, &page, "end", &[("confirm", "north")]).status, 400);
    assert_eq!(act(&mut root, &page, "end", &[("confirm", "south")]).status, 303);
    assert_eq!(browser.get("/t/south/auth/sign-in").status, 403);
    let page = root.get("/auth/admin/tenants/main");
    assert_eq!(act(&mut root, &page, "suspend", &[]).status, 409, "the first stays");
}

#[test]
fn who_runs_one_house_runs_no_other() {
    let house = house();
    let mut root = house.signed_in("root");
    Factor::set_up(&mut root);
    let page = root.get("/auth/admin/tenants");
    assert_eq!(act(&mut root, &page, "add", &[("slug", "north")]).status, 303);
    northerner(&house);
    let mut nils = house.browser();
    let page = nils.get("/t/north/auth/sign-in");
    assert_eq!(nils.fill(&page, &[("login", "nils"), ("password", PASSWORD)]).status, 303);
    let overview = nils.get("/t/north/auth/admin");
    assert!(overview.text.contains("/t/north/auth/admin/users") && !overview.text.contains("admin/tenants"), "{}", overview.text);
    let users = nils.get("/t/north/auth/admin/users");
    assert!(users.text.contains(">nils</a>") && !users.text.contains(">doc</a>"), "{}", users.text);
    for path in ["/t/north/auth/admin/tenants", "/t/north/auth/admin/tenants/main"] {
        assert_eq!(nils.get(path).status, 403, "{path}");
    }
    let origin = nils.origin();
    let answer = nils.send("GET", "/t/north/api/v1/tenants", &[("Origin", &origin)], "");
    assert_eq!((answer.status, answer.text.contains("WARD-1345")), (403, true), "{}", answer.text);
    // At the address of the first tenant they are nobody.
    assert_ne!(nils.get("/auth/admin").status, 200);
}
