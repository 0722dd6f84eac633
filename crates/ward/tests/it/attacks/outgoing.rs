//! Requests that the server is made to send: keys of clients on loopback, in private networks, behind other spellings and redirects.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use identity::base64url::encode;

use crate::attacks::house::{Client, House, Prepared, error_of};
use crate::process::run;

/// Hosts that lead beside the server, each in another way. (Every network that is not public is tried where addresses are judged, in `rest`.)
const HOSTS: &[&str] = &[
    "127.0.0.1",
    "localhost",
    "127.1",
    "0x7f000001",
    "2130706433",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "169.254.169.254",
];

/// A listener that counts who comes.
fn listener() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let came = Arc::new(AtomicUsize::new(0));
    let count = came.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            count.fetch_add(1, Ordering::SeqCst);
            drop(stream);
        }
    });
    (port, came)
}

fn assertion(house: &House, client: &Client) -> String {
    let aud = format!("{}/auth/token", house.origin());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let id = &client.id;
    let claims = format!(r#"{{"iss":"{id}","sub":"{id}","aud":"{aud}","exp":{},"jti":"j"}}"#, now + 200);
    format!("{}.{}.{}", encode(br#"{"alg":"ES384","kid":"k1"}"#), encode(claims.as_bytes()), encode(&[1; 96]))
}

#[test]
fn no_address_of_a_clients_keys_leads_beside_the_server() {
    let (port, came) = listener();
    let prepared = Prepared::new();
    let register = |host: &str| {
        let uri = format!("https://{host}:{port}/keys");
        let arguments = ["client", "add", host, "--keys", &uri, "--role", "service", "--scope", "system/Patient.rs"];
        let output = run(prepared.folder(), &arguments);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let id = text.lines().find_map(|line| line.strip_prefix("id: ")).unwrap_or_default().trim().to_owned();
        (!id.is_empty()).then_some(Client { id, secret: String::new() })
    };
    let clients: Vec<(&str, Client)> = HOSTS.iter().filter_map(|host| Some((*host, register(host)?))).collect();
    assert!(clients.len() > 5, "what is written is not looked at: what is asked is");
    for uri in [
        format!("http://127.0.0.1:{port}/keys"),
        format!("https://user@127.0.0.1:{port}/"),
        "file:///etc/passwd".to_owned(),
        format!("gopher://127.0.0.1:{port}/x"),
        format!("HTTPS://127.0.0.1:{port}/"),
    ] {
        let output = run(prepared.folder(), &["client", "add", "x", "--keys", &uri, "--role", "service", "--scope", "system/Patient.rs"]);
        assert!(!output.status.success(), "{uri}");
    }
    let house = prepared.open(&[]);
    let mut answers = std::collections::BTreeSet::new();
    for (host, client) in &clients {
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        let text = assertion(&house, client);
        let pairs = [
            ("grant_type", "client_credentials"),
            ("scope", "system/Patient.rs"),
            ("client_assertion_type", kind),
            ("client_assertion", &text),
        ];
        let answer = house.form("/auth/token", &pairs);
        assert_eq!(error_of(&answer), "invalid_client", "{host}");
        answers.insert(answer.json().text("error_description").unwrap_or_default().to_owned());
    }
    assert_eq!(came.load(Ordering::SeqCst), 0, "nobody was asked");
    assert!(answers.iter().all(|text| !text.contains("refused") && !text.contains("127.")), "what is there is told to nobody: {answers:?}");
}

#[test]
fn no_client_registers_itself_or_names_pictures_to_fetch() {
    let (port, came) = listener();
    let house = Prepared::new().open(&[]);
    let metadata = format!(
        r#"{{"redirect_uris":["https://app.example/back"],"logo_uri":"https://127.0.0.1:{port}/","jwks_uri":"https://127.0.0.1:{port}/","client_uri":"https://127.0.0.1:{port}/","policy_uri":"https://127.0.0.1:{port}/","sector_identifier_uri":"https://127.0.0.1:{port}/","request_uris":["https://127.0.0.1:{port}/"],"token_endpoint_auth_method":"private_key_jwt"}}"#
    );
    let answer = house.server.send("POST", "/auth/register", &[("Content-Type", "application/json")], metadata.as_bytes());
    assert_eq!(answer.status, 403);
    // What a resource names is never fetched: not when it is written, nor when it is read.
    let all = house.token(&[]);
    let address = format!("http://127.0.0.1:{port}/x");
    for resource in [
        format!(
            r#"{{"resourceType":"Basic","meta":{{"profile":["{address}"]}},"code":{{"coding":[{{"system":"{address}","code":"x"}}]}}}}"#
        ),
        format!(
            r#"{{"resourceType":"ValueSet","status":"active","url":"{address}","compose":{{"include":[{{"system":"{address}"}},{{"valueSet":["{address}"]}}]}}}}"#
        ),
        format!(
            r#"{{"resourceType":"DocumentReference","status":"current","content":[{{"attachment":{{"url":"{address}","contentType":"text/plain"}}}}]}}"#
        ),
        format!(
            r#"{{"resourceType":"Subscription","status":"requested","reason":"x","criteria":"Patient?","channel":{{"type":"rest-hook","endpoint":"{address}"}}}}"#
        ),
        format!(
            r#"{{"resourceType":"Observation","status":"final","code":{{"text":"x"}},"subject":{{"reference":"{address}/Patient/1"}}}}"#
        ),
    ] {
        house.with(
            &all,
            "POST",
            &format!("/fhir/{}", fhir::json::parse(resource.as_bytes()).expect("JSON").resource_type().expect("a type")),
            &[],
            resource.as_bytes(),
        );
    }
    for path in [
        format!("/fhir/ValueSet/$expand?url={address}"),
        format!("/fhir/CodeSystem/$lookup?system={address}&code=x"),
        format!("/fhir/Observation?subject={address}/Patient/1"),
        format!("/fhir/Basic?_profile={address}"),
        format!("/fhir/Observation?code:in={address}"),
    ] {
        house.get(&all, &path);
    }
    std::thread::sleep(std::time::Duration::from_millis(200));
    assert_eq!(came.load(Ordering::SeqCst), 0, "nobody was asked");
}
