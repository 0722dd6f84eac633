//! `/developer/api` and what is below it.

use std::collections::HashSet;

use fhir::definitions::ResourceType;
use interaction::table::TABLE;

use crate::get;

/// Which attribute's values are gathered.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    page.split(&format!(" {attribute}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test]
async fn tells_of_every_interaction_operation_and_type() {
    let (head, page) = get("/developer/api").await;
    assert_eq!(head.status(), 200);
    assert_eq!(head.headers()["content-type"], "text/html; charset=utf-8");
    for row in TABLE {
        let doc = row.doc.split('`').next().unwrap_or_default();
        assert!(page.contains(doc) && page.contains(&format!("/fhir{}<", row.path)), "{}", row.name);
    }
    for operation in interaction::operation::TABLE {
        assert!(page.contains(&format!("${}<", operation.code)), "{}", operation.code);
    }
    for kind in ResourceType::all() {
        assert!(page.contains(&format!("/developer/api/{}\"", kind.name())), "{}", kind.name());
    }
    assert!(page.contains("67,108,864") || page.contains("64 MiB"), "the limits are those of the settings");
}

#[tokio::test]
async fn loads_nothing_but_its_style_and_runs_no_script() {
    for path in ["/developer/api", "/developer/api/Observation", "/developer/errors"] {
        let (head, page) = get(path).await;
        let policy = head.headers()["content-security-policy"].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{policy}");
        let is_handler = |rest: &str| rest.split_once('=').is_some_and(|(name, _)| name.bytes().all(|byte| byte.is_ascii_alphabetic()));
        assert!(!page.contains("<script") && !page.contains("style=") && !page.split(" on").skip(1).any(is_handler), "{path}");
        assert_eq!(values(&page, "src"), Vec::<&str>::new());
    }
    let (head, style) = get("/assets/style.css").await;
    assert_eq!(head.headers()["content-type"], "text/css; charset=utf-8");
    assert!(style.len() < 12_000 && !style.contains("url("), "a few KB, and nothing from elsewhere");
}

#[tokio::test]
async fn can_be_read_by_those_who_do_not_see_it() {
    for path in ["/developer/api", "/developer/api/Patient", "/developer/errors"] {
        let (_, page) = get(path).await;
        assert_eq!(page.matches("<h1>").count(), 1, "{path}");
        assert!(page.contains("<html lang=\"en\">") && page.contains("<main id=\"content\">"), "{path}");
        let ids: Vec<&str> = values(&page, "id");
        let unique: HashSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{path} gives an id twice");
        for target in values(&page, "href").into_iter().filter_map(|link| link.strip_prefix('#')) {
            assert!(unique.contains(target), "{path}: #{target} leads nowhere");
        }
        let levels: Vec<u32> = page.split("<h").skip(1).filter_map(|rest| rest.chars().next()?.to_digit(10)).collect();
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{path}: a heading skips a level: {levels:?}");
    }
}

#[tokio::test]
async fn escapes_what_comes_from_outside() {
    let (_, page) = get("/developer/api").await;
    assert!(page.contains("https://ward.test/&lt;fhir&gt;/Patient") && !page.contains("<fhir>"));
    let (head, page) = get("/developer/api/%3Cscript%3E").await;
    assert_eq!(head.status(), 404);
    assert!(!page.contains("<script"));
}

#[tokio::test]
async fn tells_of_a_type() {
    let (head, page) = get("/developer/api/Patient").await;
    assert_eq!(head.status(), 200);
    for text in ["<code>birthdate</code>", "Patient:general-practitioner", "Observation:subject", "/fhir/Patient/{id}", "multipleBirth"] {
        assert!(page.contains(text), "{text}");
    }
    let (head, page) = get("/developer/api/Patien").await;
    assert!(head.status() == 404 && page.contains("href=\"/developer/api/Patient\""), "{page}");
}

#[tokio::test]
async fn tells_what_errors_mean() {
    let (_, page) = get("/developer/errors").await;
    let listed = include_str!("../../../../docs/errors.md").matches("| WARD-").count();
    assert!(listed > 100);
    assert_eq!(page.matches("<tr id=\"WARD-").count(), listed);
}
