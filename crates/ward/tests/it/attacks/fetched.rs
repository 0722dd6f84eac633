//! Documents that are fetched from others, keys of clients and metadata of providers: redirects are not followed, and a name that leads elsewhere the next time is asked once.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use identity::base64url::encode;

use crate::attacks::elsewhere::Elsewhere;
use crate::attacks::house::{Client, House, Prepared, error_of};
use crate::http::Answer;
use crate::process::run_well;

/// An address of the internet that nobody has: the network was given back in 2006, and no router knows it.
const NOBODY: &str = "3ffe::1";

fn key() -> EcdsaKeyPair {
    EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).expect("a key")
}

fn key_set(key: &EcdsaKeyPair) -> String {
    let (x, y) = key.public_key().as_ref()[1..].split_at(48);
    format!(r#"{{"keys":[{{"kty":"EC","crv":"P-384","kid":"k1","alg":"ES384","use":"sig","x":"{}","y":"{}"}}]}}"#, encode(x), encode(y))
}

/// A service whose keys are at an address.
fn service(prepared: &Prepared, address: &str) -> Client {
    prepared.client(&["Service", "--keys", address, "--role", "service", "--scope", "system/Patient.rs"])
}

/// What is answered to a service that signs with a key.
fn ask(house: &House, client: &Client, key: &EcdsaKeyPair) -> Answer {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let (id, aud) = (&client.id, format!("{}/auth/token", house.origin()));
    let claims = format!(r#"{{"iss":"{id}","sub":"{id}","aud":"{aud}","exp":{},"jti":"j-{id}"}}"#, now + 200);
    let signed = format!("{}.{}", encode(br#"{"alg":"ES384","kid":"k1","typ":"JWT"}"#), encode(claims.as_bytes()));
    let signature = key.sign(&SystemRandom::new(), signed.as_bytes()).expect("signed");
    let assertion = format!("{signed}.{}", encode(signature.as_ref()));
    let pairs = [
        ("grant_type", "client_credentials"),
        ("scope", "system/Patient.rs"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion.as_str()),
    ];
    house.form("/auth/token", &pairs)
}

/// What a server answers that has keys at `/keys`, and at `/moved/301` a redirect to them.
fn answering(set: String) -> impl Fn(&str) -> (String, String) + Send + Sync {
    move |path| match path.rsplit_once('/') {
        Some(("/moved", status)) => (format!("HTTP/1.1 {status} Moved\r\nLocation: /keys"), String::new()),
        _ if path == "/keys" => ("HTTP/1.1 200 OK\r\nContent-Type: application/json".to_owned(), set.clone()),
        // Metadata, too, are said to be elsewhere.
        _ => ("HTTP/1.1 302 Found\r\nLocation: /keys".to_owned(), String::new()),
    }
}

#[test]
fn keys_are_had_by_get_and_redirects_are_not_followed() {
    let (prepared, key) = (Prepared::new(), key());
    let (elsewhere, authority) = Elsewhere::start(prepared.folder(), &["keys.example"], answering(key_set(&key)));
    let at = |path: &str| format!("https://keys.example:{}{path}", elsewhere.port);
    let honest = service(&prepared, &at("/keys"));
    let moved = ["301", "302", "303", "307", "308"].map(|status| service(&prepared, &at(&format!("/moved/{status}"))));
    let issuer = at("");
    run_well(prepared.folder(), &["provider", "add", "city", "--name", "City", "--issuer", &issuer, "--client-id", "ward"]);
    let house = prepared.open_with(&["private_hosts=keys.example", &authority], &["--leads-to", "keys.example=127.0.0.1"]);
    let answer = ask(&house, &honest, &key);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(elsewhere.asked(), ["GET /keys HTTP/1.1"]);
    for client in &moved {
        assert_eq!(error_of(&ask(&house, client, &key)), "invalid_client");
    }
    let page = house.browser().get("/auth/outside/city");
    assert_eq!((page.status, page.location()), (502, ""), "{}", page.text);
    let asked = elsewhere.asked();
    assert_eq!(asked.len(), 7, "each address once, and none that a redirect names: {asked:?}");
    assert_eq!(asked.iter().filter(|line| line.contains(" /keys ")).count(), 1, "{asked:?}");
    assert_eq!(asked.last().map(String::as_str), Some("GET /.well-known/openid-configuration HTTP/1.1"));
}

#[test]
fn a_name_that_leads_inside_the_next_time_is_not_asked_again() {
    let (prepared, key) = (Prepared::new(), key());
    let names = ["keys.example", "late.example", "login.example"];
    let (elsewhere, authority) = Elsewhere::start(prepared.folder(), &names, answering(key_set(&key)));
    let at = |name: &str, path: &str| format!("https://{name}:{}{path}", elsewhere.port);
    let (rebound, late) = (service(&prepared, &at("keys.example", "/keys")), service(&prepared, &at("late.example", "/keys")));
    let issuer = at("login.example", "");
    run_well(prepared.folder(), &["provider", "add", "city", "--name", "City", "--issuer", &issuer, "--client-id", "ward"]);
    let leads: Vec<String> = [
        ("keys.example", NOBODY),
        ("keys.example", "127.0.0.1"),
        ("late.example", "127.0.0.1"),
        ("late.example", NOBODY),
        ("login.example", NOBODY),
        ("login.example", "127.0.0.1"),
    ]
    .map(|(name, address)| format!("--leads-to={name}={address}"))
    .to_vec();
    let flags: Vec<&str> = leads.iter().map(String::as_str).collect();
    let house = prepared.open_with(&[&authority], &flags);
    for client in [&rebound, &late] {
        assert_eq!(error_of(&ask(&house, client, &key)), "invalid_client");
    }
    let page = house.browser().get("/auth/outside/city");
    assert_eq!((page.status, page.location()), (502, ""), "{}", page.text);
    assert!(elsewhere.asked().is_empty(), "what was looked at is what is asked: {:?}", elsewhere.asked());
}
