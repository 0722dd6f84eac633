//! The tokens of pages: they tell nothing, and none can be made up.

use fhir::primitive::base64;

use crate::server::TestServer;

/// The addresses of second pages: of searches, a record, histories of a resource, a type and everything.
const FIRST_PAGES: [&str; 6] = [
    "/fhir/Patient?_count=2",
    "/fhir/Patient?_sort=family&_count=2",
    "/fhir/Patient/$everything?_count=2",
    "/fhir/Patient/p1/_history?_count=2",
    "/fhir/Patient/_history?_count=2",
    "/fhir/_history?_at=2026&_count=2",
];

async fn filled() -> TestServer {
    let server = TestServer::new();
    for _ in 0..2 {
        for number in 0..5 {
            let name = ["Adams", "Baker", "Clark", "Davis", "Evans"][number];
            let patient = format!(r#"{{"resourceType":"Patient","id":"p{number}","name":[{{"family":"{name}"}}]}}"#);
            server.put(&format!("/fhir/Patient/p{number}"), &patient).await;
            server.put(&format!("/fhir/Patient/p{number}"), &patient.replace("\"name\"", "\"active\":true,\"name\"")).await;
        }
    }
    server
}

async fn next(server: &TestServer, path: &str) -> String {
    let link = server.get(path).await.link("next").unwrap_or_else(|| panic!("{path} has a next page"));
    link.strip_prefix("http://ward.test").expect("its own address").to_owned()
}

fn token(path: &str) -> &str {
    path.split_once("_page=").expect("a token").1.split('&').next().expect("its end")
}

#[tokio::test]
async fn say_nothing_of_what_is_in_them() {
    let server = filled().await;
    for path in FIRST_PAGES {
        let next = next(&server, path).await;
        let letters = token(&next);
        let sealed = letters.strip_prefix(['b', 'r']).filter(|_| path.contains('$')).unwrap_or(letters);
        let filled = format!("{sealed}{}", "=".repeat(sealed.len().next_multiple_of(4) - sealed.len()));
        let bytes = base64::decode(&filled, base64::FOR_URLS).expect("base64");
        // A number of eight bytes that is small has six that are zero; chance makes them in one of 2^40 tokens.
        assert!(!bytes.windows(6).any(|part| part == [0; 6]), "{next}");
        assert!(!bytes.to_ascii_lowercase().windows(4).any(|part| ["adam", "bake"].map(str::as_bytes).contains(&part)), "{next}");
    }
}

#[tokio::test]
async fn are_the_same_for_the_same_page() {
    let server = filled().await;
    for path in FIRST_PAGES {
        assert_eq!(next(&server, path).await, next(&server, path).await);
    }
}

#[tokio::test]
async fn are_refused_when_anything_is_wrong_with_them() {
    let (server, other) = (filled().await, filled().await);
    for path in FIRST_PAGES {
        let next = next(&server, path).await;
        assert_eq!(server.get(&next).await.status, 200);
        other.get(&next).await.refused(400, "value", "WARD-0327");
        let letters = token(&next);
        for place in [1, letters.len() / 2, letters.len() - 2] {
            let mut altered = letters.to_owned();
            let letter = if &altered[place..=place] == "A" { "B" } else { "A" };
            altered.replace_range(place..=place, letter);
            server.get(&next.replace(letters, &altered)).await.refused(400, "value", "WARD-0327");
        }
        server.get(&next.replace(letters, &letters[..letters.len() - 4])).await.refused(400, "value", "WARD-0327");
    }
}

#[tokio::test]
async fn belong_to_what_was_asked() {
    let server = filled().await;
    let of = async |path: &str| token(&next(&server, path).await).to_owned();
    for (path, another) in [
        ("/fhir/Patient?_count=2", "/fhir/Patient?active=true"),
        ("/fhir/Patient?_sort=family&_count=2", "/fhir/Patient?_sort=-family"),
        ("/fhir/Patient/p1/_history?_count=2", "/fhir/Patient/p2/_history?_count=2"),
        ("/fhir/Patient/p1/_history?_count=2", "/fhir/Patient/_history?_count=2"),
        ("/fhir/Patient/_history?_count=2", "/fhir/_history?_count=2"),
        ("/fhir/_history?_at=2026&_count=2", "/fhir/_history?_since=2026&_count=2"),
        ("/fhir/Patient/_history?_count=2", "/fhir/Patient?_count=2"),
        ("/fhir/Patient/$everything?_count=2", "/fhir/Patient/$everything?_count=2&_type=Patient"),
    ] {
        server.get(&format!("{another}&_page={}", of(path).await)).await.refused(400, "value", "WARD-0328");
    }
    let record = of("/fhir/Patient/$everything?_count=2").await;
    let part = record.replacen('b', "r", 1);
    server.get(&format!("/fhir/Patient/$everything?_count=2&_page={part}")).await.refused(400, "value", "WARD-0328");
}
