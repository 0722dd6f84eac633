//! The pages of accounts can be read and used by everybody: with a keyboard, without sight, without a script.

use std::collections::HashSet;

use aws_lc_rs::digest::{SHA256, digest};
use identity::base64url::encode;

use crate::browser::{House, attribute};

const PAGES: [&str; 11] = [
    "/auth/sign-in",
    "/auth/reset",
    "/auth/reset?token=x",
    "/auth/set-up?token=x",
    "/auth/registration",
    "/auth/verification?token=x",
    "/auth/sessions",
    "/auth/factors",
    "/auth/password",
    "/auth/device",
    "/auth/apps",
];

#[tokio::test]
async fn each_field_has_its_label_and_each_page_its_title() {
    let house = House::new();
    house.user("ada").await;
    let mut browser = house.signed_in("ada").await;
    for path in PAGES {
        let page = browser.get(path).await;
        let text = &page.text;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!((text.matches("<h1>").count(), text.matches("<main ").count()), (1, 1), "{path}");
        assert!(
            text.contains("<html lang=\"en\">") && text.contains("class=\"skip\" href=\"#content\"") && text.contains("id=\"content\""),
            "{path}"
        );
        let ids: Vec<String> = text.split(" id=\"").skip(1).filter_map(|rest| Some(rest.split('"').next()?.to_owned())).collect();
        let unique: HashSet<&String> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{path} gives an id twice");
        for tag in text.split("<input ").skip(1).filter_map(|rest| rest.split('>').next()) {
            if tag.contains("type=\"hidden\"") {
                continue;
            }
            let id = attribute(tag, "id").unwrap_or_else(|| panic!("{path}: {tag}"));
            assert!(text.contains(&format!("<label for=\"{id}\">")), "{path}: {id} has no label");
            assert!(tag.contains("autocomplete="), "{path}: {tag}");
            let described = attribute(tag, "aria-describedby").unwrap_or_default();
            let is_choice = tag.contains("type=\"radio\"") || tag.contains("type=\"checkbox\"");
            assert!(is_choice || described.split(' ').any(|id| id == "problem"), "{path}: {id} does not tell what was wrong");
            for id in described.split_whitespace() {
                assert!(unique.contains(&id.to_owned()), "{path}: {id} is nowhere");
            }
        }
        for form in page.forms() {
            assert!(form.contains("method=\"post\"") && form.contains("<button ") && form.contains("type=\"submit\""), "{path}: {form}");
        }
    }
}

#[tokio::test]
async fn runs_no_script_but_its_own_and_stands_in_no_frame() {
    let house = House::new();
    house.user("ada").await;
    let mut browser = house.signed_in("ada").await;
    for path in PAGES {
        let page = browser.get(path).await;
        let policy = page.headers["content-security-policy"].to_str().expect("text");
        for part in ["default-src 'none'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        assert!(!page.text.contains(" style=") && !page.text.contains(" onclick") && !page.text.contains("<script "), "{path}");
        let scripts: Vec<&str> = page.text.split("<script>").skip(1).filter_map(|rest| rest.split("</script>").next()).collect();
        match scripts[..] {
            [] => assert!(!policy.contains("script-src"), "{path}: {policy}"),
            [script] => {
                let hash = encode(digest(&SHA256, script.as_bytes()).as_ref()).replace('-', "+").replace('_', "/");
                let sources: Vec<&str> = policy.split("; ").filter(|part| part.starts_with("script-src")).collect();
                assert_eq!(sources, [format!("script-src 'sha256-{hash}='")], "{path}");
            }
            _ => panic!("{path} has {} scripts", scripts.len()),
        }
        assert_eq!(scripts.len(), usize::from(["/auth/sign-in", "/auth/factors"].contains(&path)), "{path}");
        assert_eq!(
            (&page.headers["x-content-type-options"], &page.headers["cache-control"]),
            (&"nosniff".parse().expect("a value"), &"no-store".parse().expect("a value"))
        );
    }
}
