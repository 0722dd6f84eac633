//! Hidden rows: by includes, reverse chains, filters, orders, elements, counts, pages of others, exports, and entity tags.

use crate::attacks::house::House;
use crate::process::run;

/// Searches by which what is hidden could show, with words that a hidden row has, and the same with words that none has.
const PAIRS: &[(&str, &str)] = &[
    ("Patient?_id=bob", "Patient?_id=none"),
    ("Patient?name=Bobsecret", "Patient?name=Nobodyatall"),
    ("Patient?identifier=urn:mrn|mrn-bob", "Patient?identifier=urn:mrn|mrn-none"),
    ("Patient?_has:Observation:patient:code=bobvalue", "Patient?_has:Observation:patient:code=novalue"),
    ("Observation?subject=Patient/bob", "Observation?subject=Patient/none"),
    ("Observation?subject:Patient.name=Bobsecret", "Observation?subject:Patient.name=Nobodyatall"),
    ("Observation?patient.identifier=urn:mrn|mrn-bob", "Observation?patient.identifier=urn:mrn|mrn-none"),
    ("Observation?code=bobvalue", "Observation?code=novalue"),
    ("Observation?_filter=code eq bobvalue", "Observation?_filter=code eq novalue"),
    ("Practitioner?_has:Observation:performer:code=bobvalue", "Practitioner?_has:Observation:performer:code=novalue"),
    (
        "Practitioner?_has:Observation:performer:subject:Patient.name=Bobsecret",
        "Practitioner?_has:Observation:performer:subject:Patient.name=Nobodyatall",
    ),
    ("Patient/bob/Observation", "Patient/none/Observation"),
    ("Patient/bob/*", "Patient/none/*"),
    ("Patient/bob/$everything", "Patient/none/$everything"),
    ("Patient/bob/_history", "Patient/none/_history"),
    ("Observation/of-bob/_history/1", "Observation/none/_history/1"),
    ("Observation/of-bob", "Observation/none"),
    ("Observation?_id=of-bob&_include=Observation:subject", "Observation?_id=none&_include=Observation:subject"),
    ("?_type=Patient,Observation&_id=bob", "?_type=Patient,Observation&_id=none"),
    ("Observation/$lastn?subject=Patient/bob", "Observation/$lastn?subject=Patient/none"),
];

/// Searches of everything, which must never bring what is hidden along.
const WIDE: &[&str] = &[
    "Patient",
    "Observation?_include=*",
    "Observation?_include:iterate=*&_revinclude=*",
    "Practitioner?_revinclude=Observation:performer",
    "Practitioner?_id=doc&_revinclude=*&_include=*",
    "Practitioner?_id=doc&_revinclude=Observation:performer&_include:iterate=Observation:subject",
    "?_type=Patient,Observation,QuestionnaireResponse",
    "_history",
    "Observation/_history",
    "Patient?_sort=name",
    "Observation?_sort=subject:Patient.name",
    "Observation?_sort=-code&_elements=code",
    "Observation?_summary=true",
    "Observation?_summary=text",
    "Observation?code:not=x",
    "Observation?subject:missing=false",
    "Patient?_id:not=ann",
    "Patient?name:missing=false&_total=accurate",
    "Patient/$everything",
    "Patient/ann/$everything",
];

fn text(house: &House, token: &str, query: &str) -> (u16, String) {
    let encoded = query.replace('|', "%7C").replace(' ', "%20");
    let answer = house.get(token, &format!("/fhir/{encoded}"));
    assert!(answer.status < 500, "{query}: {}", answer.status);
    (answer.status, String::from_utf8_lossy(&answer.body).into_owned())
}

#[test]
fn what_is_hidden_is_as_what_is_not_there() {
    let house = House::usual();
    let ann = house.token(&["--patient", "ann"]);
    for (hidden, absent) in PAIRS {
        let same = |text: String| {
            // Both say what was asked; and when.
            let text = text
                .replace("Bobsecret", "Nobodyatall")
                .replace("mrn-bob", "mrn-none")
                .replace("bobvalue", "novalue")
                .replace("of-bob", "none")
                .replace("bob", "none");
            let stamped = |name: &str, text: String| match text.find(name) {
                Some(at) => [&text[..at], text[at..].split_once(',').map_or("", |(_, rest)| rest)].concat(),
                None => text,
            };
            stamped("\"lastUpdated\"", stamped("\"id\":\"", text))
        };
        let (one, other) = (text(&house, &ann, hidden), text(&house, &ann, absent));
        assert_eq!((one.0, same(one.1)), (other.0, same(other.1)), "{hidden}");
    }
    for query in WIDE {
        let (_, text) = text(&house, &ann, query);
        for word in ["Bobsecret", "bobvalue", "of-bob", "by-bob", "mrn-bob", "Patient/bob"] {
            assert!(!text.contains(word), "{query}: {word}: {text}");
        }
    }
    // It was there to be found.
    let all = house.token(&[]);
    assert!(text(&house, &all, "Practitioner?_id=doc&_revinclude=Observation:performer").1.contains("bobvalue"));
}

#[test]
fn a_page_of_somebody_else_is_none() {
    let house = House::usual();
    let (all, ann, bob) = (house.token(&[]), house.token(&["--patient", "ann"]), house.token(&["--patient", "bob"]));
    let next = |token: &str, path: &str| {
        let bundle = house.get(token, path).json();
        let link =
            bundle.list("link").find(|link| link.text("relation") == Some("next")).and_then(|link| link.text("url")).map(str::to_owned);
        link.and_then(|url| url.split_once("/fhir").map(|(_, rest)| format!("/fhir{rest}")))
    };
    for path in ["/fhir/Observation?_count=1", "/fhir/QuestionnaireResponse?_count=1&_sort=_id", "/fhir?_type=Patient,Observation&_count=1"]
    {
        let Some(page) = next(&all, path) else { panic!("{path} has two pages") };
        for token in [&ann, &bob] {
            let answer = house.get(token, &page);
            let text = String::from_utf8_lossy(&answer.body);
            let others = if *token == ann { ["bobvalue", "by-bob", "Bobsecret"] } else { ["annvalue", "by-ann", "\"Ann\""] };
            assert!(others.iter().all(|word| !text.contains(word)), "{path}: {text}");
        }
        assert_eq!(house.server.get(&page).status, 401, "a link to a page opens nothing");
    }
    if let Some(page) = next(&all, "/fhir/Observation/_history?_count=1") {
        let answer = house.get(&ann, &page);
        assert!(!String::from_utf8_lossy(&answer.body).contains("bobvalue"));
    }
}

#[test]
fn what_is_exported_is_what_is_seen() {
    let house = House::usual();
    let (all, ann) = (house.token(&[]), house.token(&["--patient", "ann"]));
    let url = format!("{}/fhir", house.origin());
    let export = |token: &str, arguments: &[&str]| {
        let output = run(house.folder.path(), &[&["export", "--url", &url, "--token", token], arguments].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success(), String::from_utf8(output.stdout).expect("UTF-8"), said)
    };
    let (is_well, text, said) = export(&ann, &[]);
    assert!(is_well && said.contains("left out") && said.contains("AuditEvent"), "{said}");
    for word in ["\"Ann\"", "annvalue", "by-ann"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    for word in ["Bobsecret", "bobvalue", "of-bob", "by-bob", "mrn-bob", "Patient/bob", "\"AuditEvent\""] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    // Whoever asks for a type by its name is told that it is refused.
    let (is_well, text, said) = export(&ann, &["--type", "AuditEvent"]);
    assert!(!is_well && text.is_empty() && said.contains("403"), "{said}");
    let (is_well, text, said) = export(&all, &[]);
    assert!(is_well && text.contains("Bobsecret") && text.contains("by-bob"), "{said}");
}
