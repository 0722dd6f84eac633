//! Those whom the pages are not for: a physician, a patient, and nobody.

use super::house;
use crate::attacks::factors::Factor;

/// Every page, as it is asked for.
const PAGES: [&str; 14] = [
    "/auth/admin",
    "/auth/admin/users",
    "/auth/admin/invite",
    "/auth/admin/users/u-1",
    "/auth/admin/clients",
    "/auth/admin/clients/c-1",
    "/auth/admin/keys",
    "/auth/admin/roles",
    "/auth/admin/roles/nurse",
    "/auth/admin/explain",
    "/auth/admin/alerts",
    "/auth/admin/trail",
    "/auth/admin/tenants",
    "/auth/admin/tenants/main",
];

/// Every page that takes a form, and what its buttons do.
const FORMS: [(&str, &[&str]); 8] = [
    ("/auth/admin/invite", &["invite"]),
    (
        "/auth/admin/users/u-1",
        &["suspend", "reactivate", "reset-link", "invitation", "reset-factors", "end-sessions", "end-session", "leave", "remove", "rights"],
    ),
    ("/auth/admin/clients", &["add"]),
    ("/auth/admin/clients/c-1", &["secret", "remove"]),
    ("/auth/admin/keys", &["make", "revoke"]),
    ("/auth/admin/alerts", &["acknowledge"]),
    ("/auth/admin/tenants", &["add"]),
    ("/auth/admin/tenants/main", &["set", "suspend", "reactivate", "end"]),
];

#[test]
fn a_physician_a_patient_and_nobody_see_no_page_and_do_nothing() {
    let house = house();
    let mut nobody = house.browser();
    for path in PAGES {
        let page = nobody.get(path);
        assert_eq!((page.status, page.location().starts_with("/auth/sign-in")), (303, true), "{path}");
    }
    for login in ["doc", "ann"] {
        let mut browser = house.signed_in(login);
        Factor::set_up(&mut browser);
        assert!(!browser.get("/auth/sessions").text.contains("/auth/admin"), "{login}");
        for path in PAGES {
            let page = browser.get(path);
            assert_eq!((page.status, page.forms().len()), (403, 0), "{login} {path}: {}", page.text);
        }
        // With the token of a form that is their own.
        let own = browser.get("/auth/password");
        let fields = crate::attacks::browser::fields(own.forms()[0]);
        let token = fields.iter().find(|(name, _)| name == "form_token").map(|(_, value)| value.clone()).expect("a token");
        let origin = browser.origin();
        for (path, acts) in FORMS {
            for act in acts {
                let sent = browser.post(path, &[("form_token", &token), ("act", act), ("login", "mole")], &[("Origin", &origin)]);
                assert_eq!(sent.status, 403, "{login} {path} {act}: {}", sent.text);
                let foreign = browser.post(path, &[("form_token", &token), ("act", act)], &[("Origin", "https://evil.example")]);
                assert_eq!(foreign.status, 403, "{login} {path} {act}");
            }
        }
    }
}
