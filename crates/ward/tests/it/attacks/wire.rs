//! The wire: requests that two servers read differently, hosts and addresses that are claimed, methods that are overridden, paths that climb.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::attacks::house::{House, Prepared};
use crate::process::Server;

/// What comes back on a connection for this text, until it is closed or a second of silence.
fn exchanged(address: &str, text: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("connected");
    stream.set_read_timeout(Some(Duration::from_secs(1))).expect("set");
    stream.write_all(text.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// The status of each answer.
fn statuses(answer: &str) -> Vec<&str> {
    let found = answer.match_indices("HTTP/1.").filter_map(|(at, _)| answer.get(at + 9..at + 12));
    found.filter(|status| status.bytes().all(|byte| byte.is_ascii_digit())).collect()
}

/// Heads of which a proxy and this server could think differently where the body ends.
const HEADS: &[&str] = &[
    "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
    "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n",
    "Content-Length: 0\r\nContent-Length: 60\r\n",
    "Content-Length: 0, 60\r\n",
    "Content-Length: +0\r\n",
    "Content-Length: 0x0\r\n",
    "Content-Length : 0\r\n",
    "Transfer-Encoding: xchunked\r\n",
    "Transfer-Encoding: chunked, identity\r\n",
    "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n",
    "Transfer-Encoding:\x0bchunked\r\n",
    "Transfer-Encoding\t: chunked\r\n",
    "X: y\r\n Transfer-Encoding: chunked\r\n",
    "X: y\rTransfer-Encoding: chunked\r\n",
    "Host: other.example\r\n",
    "X: a\0b\r\n",
];

#[test]
fn no_request_hides_in_another() {
    let house = House::usual();
    let all = house.token(&[]);
    // The hidden request would be let in: it brings a token.
    let hidden = format!("GET /fhir/Patient/bob HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {all}\r\nConnection: close\r\n\r\n");
    for head in HEADS {
        for body in ["", "0\r\n\r\n"] {
            let text = format!(
                "POST /fhir/Patient/_search HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n{head}\r\n{body}{hidden}"
            );
            let answer = exchanged(&house.server.address, &text);
            let found = statuses(&answer);
            assert!(found.len() <= 1 && found.iter().all(|status| status.starts_with('4')), "{head:?}: {answer}");
            assert!(!answer.contains("Bobsecret"), "{head:?}");
        }
    }
    for line in [
        "GET /fhir/metadata HTTP/1.1 \r\n",
        "GET  /fhir/metadata HTTP/1.1\r\n",
        "GET\t/fhir/metadata\tHTTP/1.1\r\n",
        "GET /fhir/metadata HTTP/1.2\r\n",
        "GET /fhir/metadata\r\n",
        "\0GET / HTTP/1.1\r\n",
        "GET /fhir/meta\0data HTTP/1.1\r\n",
        "GET http://other.example/fhir/metadata HTTP/1.1\r\n",
    ] {
        let answer = exchanged(&house.server.address, &format!("{line}Host: a\r\n\r\n{hidden}"));
        assert!(!answer.contains("Bobsecret") && !statuses(&answer).contains(&"200"), "{line:?}: {answer}");
    }
    let fine = exchanged(&house.server.address, &format!("GET /fhir/metadata?_elements=status HTTP/1.1\r\nHost: a\r\n\r\n{hidden}"));
    assert_eq!(statuses(&fine), ["200", "200"], "two requests are two: {fine}");
}

#[test]
fn nothing_is_put_into_a_head() {
    let house = House::usual();
    let all = house.token(&[]);
    let planted = [
        "%0d%0aSet-Cookie:%20a=b",
        "%0aSet-Cookie:%20a=b",
        "%E5%98%8A%E5%98%8DSet-Cookie:%20a=b",
        "%c4%8d%c4%8aSet-Cookie:%20a=b",
        "%00%0d%0aSet-Cookie:%20a=b",
    ];
    for text in planted {
        for path in [
            format!("/fhir/Patient/{text}"),
            format!("/fhir/Patient?_id={text}"),
            format!("/{text}"),
            format!("/auth/sign-in?next=/{text}"),
            format!("/auth/authorize?client_id={text}&redirect_uri={text}&state={text}"),
            format!("/developer/api/{text}"),
            format!("/fhir/Patient?_format={text}"),
        ] {
            let answer = house.get(&all, &path);
            assert!(!answer.head.to_ascii_lowercase().contains("\nset-cookie: a=b"), "{path}: {}", answer.head);
        }
    }
    for id in ["a b", "<x>", "a;b", "\u{e9}", &"a".repeat(200)] {
        let answer = house.with(&all, "GET", "/fhir/metadata", &[("X-Request-Id", id)], b"");
        assert_ne!(answer.header("x-request-id"), id, "{id}");
    }
}

#[test]
fn nobody_believes_what_a_request_says_of_its_way() {
    let house = House::usual();
    let all = house.token(&[]);
    // Without a proxy by the settings, nobody is believed to be one.
    let claimed = [
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Forwarded-Port", "443"),
        ("X-Forwarded-Prefix", "/evil"),
        ("Forwarded", "for=127.0.0.1;host=evil.example;proto=https"),
        ("X-Host", "evil.example"),
        ("X-Original-URL", "/fhir/Patient/bob"),
        ("X-Rewrite-URL", "/fhir/Patient/bob"),
        ("X-Forwarded-User", "admin"),
        ("Remote-User", "admin"),
        ("X-Remote-User", "admin"),
        ("X-Authenticated-User", "admin"),
        ("X-SSL-Client-Verify", "SUCCESS"),
    ];
    for path in [
        "/fhir/Patient?_count=1",
        "/.well-known/openid-configuration",
        "/fhir/.well-known/smart-configuration",
        "/fhir/metadata?_elements=implementation",
        "/auth/sign-in",
    ] {
        let answer = house.with(&all, "GET", path, &claimed, b"");
        let text = String::from_utf8_lossy(&answer.body);
        assert!(!text.contains("evil") && !text.contains("https://127.0.0.1") && !answer.head.contains("evil"), "{path}: {text}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}");
    }
    assert_eq!(house.server.send("GET", "/fhir/Patient/bob", &claimed, b"").status, 401, "nobody is somebody by a header");
    let made = house.with(&all, "POST", "/fhir/Basic", &claimed, br#"{"resourceType":"Basic","code":{"text":"x"}}"#);
    assert!(made.status == 201 && !made.header("location").contains("evil"), "{}", made.head);
    for host in ["evil.example/x", "evil.example@a", "a b", "evil.example?", "evil.example#"] {
        let answer = exchanged(
            &house.server.address,
            &format!("GET /.well-known/openid-configuration HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        );
        assert_eq!(statuses(&answer), ["400"], "{host}: {answer}");
    }
}

#[test]
fn no_method_or_path_goes_round_the_door() {
    let house = House::usual();
    let (all, ann) = (house.token(&[]), house.token(&["--patient", "ann"]));
    let overrides =
        [("X-HTTP-Method-Override", "DELETE"), ("X-HTTP-Method", "DELETE"), ("X-Method-Override", "DELETE"), ("_method", "DELETE")];
    for method in ["GET", "POST"] {
        house.with(&all, method, "/fhir/Observation/of-bob?_method=DELETE", &overrides, b"");
    }
    assert_eq!(house.get(&all, "/fhir/Observation/of-bob").status, 200, "nothing was deleted");
    for path in [
        "/fhir/Patient/bob",
        "/fhir/Patient",
        "/fhir",
        "/fhir/Observation/of-bob/_history/1",
        "/api/openapi.json",
        "/api/v1/access/explain",
        "/nothing",
    ] {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get", "GETX", "QUERY", "LINK", "PURGE"] {
            let answer = house.server.send(method, path, &[], b"");
            assert!([400, 401, 405].contains(&answer.status), "{method} {path}: {}", answer.status);
            assert!(!String::from_utf8_lossy(&answer.body).contains("Bobsecret"), "{method} {path}");
        }
        let answer =
            house.server.send("OPTIONS", path, &[("Access-Control-Request-Method", "GET"), ("Origin", "https://evil.example")], b"");
        assert!(![200, 204].contains(&answer.status) || answer.header("access-control-allow-origin").is_empty(), "{path}");
    }
    // HEAD tells no more than GET does.
    for (path, status) in [("/fhir/Observation/of-bob", 404), ("/fhir/Observation/nobody", 404), ("/fhir/Observation/of-ann", 200)] {
        let answer = house.with(&ann, "HEAD", path, &[], b"");
        assert_eq!((answer.status, answer.body.len()), (status, 0), "{path}");
    }
    for path in [
        "/fhir/metadata/../Patient/bob",
        "/fhir/metadata/..%2fPatient/bob",
        "/fhir/metadata%2f..%2fPatient/bob",
        "/assets/../fhir/Patient/bob",
        "/assets/..%2f..%2f..%2fetc/passwd",
        "/assets/....//....//etc/passwd",
        "/assets/%2e%2e/%2e%2e/data/kek",
        "/assets/..%5c..%5cdata%5ckek",
        "/auth/../fhir/Patient/bob",
        "/auth/%2e%2e/fhir/Patient/bob",
        "/.well-known/../fhir/Patient/bob",
        "/health/live/../../fhir/Patient/bob",
        "//fhir/Patient/bob",
        "/fhir//Patient/bob",
        "/FHIR/Patient/bob",
        "/fhir/patient/bob",
        "/fhir/Patient/bob/",
        "/fhir/Patient/bob;x",
        "/fhir/Patient/bob%00",
        "/fhir/Patient/bob%2f",
        "/./fhir/Patient/bob",
        "/fhir/./Patient/bob",
        "/metrics/../fhir/Patient/bob",
    ] {
        let bare = house.server.get(path);
        assert!([400, 401, 404, 405].contains(&bare.status), "{path}: {}", bare.status);
        let as_ann = house.get(&ann, path);
        assert!([400, 401, 403, 404, 405].contains(&as_ann.status), "{path}: {}", as_ann.status);
        for answer in [bare, as_ann] {
            let text = String::from_utf8_lossy(&answer.body);
            assert!(!text.contains("Bobsecret") && !text.contains("root:"), "{path}: {text}");
        }
    }
}

/// What a page of another site can do whose owner lets its name lead here (DNS rebinding): its requests name that site as their host.
#[test]
fn an_open_server_answers_to_its_own_names_alone() {
    for settings in [&["access=open"][..], &["access=open", "base_url=http://ward.test/fhir"], &["access=open", "behind_proxy=true"]] {
        let folder = Prepared::new().into_folder();
        let flags: Vec<&str> = settings.iter().flat_map(|setting| ["--set", setting]).collect();
        let address = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").to_string();
        let _server = Server::start_at(&address, folder.path(), &flags);
        let status = |line: &str, host: &str, more: &str| {
            let answer = exchanged(&address, &format!("{line} HTTP/1.1\r\nHost: {host}\r\n{more}Connection: close\r\n\r\n"));
            assert!(statuses(&answer).len() == 1 && answer.contains("Bobsecret") == answer.starts_with("HTTP/1.1 200"), "{host}: {answer}");
            statuses(&answer)[0].to_owned()
        };
        for host in [&*address, "localhost", "LOCALHOST:80", "ward.localhost", "127.0.0.1", "[::1]:8080", "192.0.2.7"] {
            assert_eq!(status("GET /fhir/Patient/bob", host, ""), "200", "{settings:?} {host}");
        }
        let named = if settings.contains(&"base_url=http://ward.test/fhir") { "200" } else { "421" };
        assert_eq!(status("GET /fhir/Patient/bob", "Ward.test:80", ""), named);
        for host in [
            "evil.example",
            "evil.example:80",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "xlocalhost",
            "1.2.3",
            "ward.test.evil.example",
        ] {
            for more in ["", "X-Forwarded-Host: localhost\r\n", "Origin: http://localhost\r\n"] {
                for line in [
                    "GET /fhir/Patient/bob",
                    "GET /fhir/Patient/bob/_history",
                    "DELETE /fhir/Patient/bob",
                    "GET /developer/api",
                    "GET /t/x/fhir/Patient",
                ] {
                    assert_eq!(status(line, host, more), "421", "{settings:?} {line} {host}");
                }
            }
        }
        let forged = status("GET /fhir/Patient/bob", "localhost", "X-Forwarded-Host: evil.example\r\n");
        assert_eq!(forged, if settings.contains(&"behind_proxy=true") { "421" } else { "200" });
    }
}
