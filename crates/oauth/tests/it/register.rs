//! Clients that register themselves: where it is allowed, for users alone, and with what can be.

use std::sync::Arc;

use oauth::authorize::Step;
use oauth::client::fetch::NoFetch;
use oauth::{Proof, Settings};

use crate::house::{House, START, error, text, texts};
use crate::signer::{Curve, Rsa};

async fn open() -> House {
    House::with(Settings { registration: true, ..Settings::default() }, Arc::new(NoFetch)).await
}

#[tokio::test]
async fn nobody_does_where_it_is_not_allowed() {
    let house = House::new().await;
    let reply = house.provider.register(&house.site, br#"{"redirect_uris":["https://app.example/back"]}"#).await;
    assert_eq!((reply.status, &*error(&reply)), (403, "access_denied"));
}

#[tokio::test]
async fn who_does_gets_an_id_and_a_secret_and_asks_users() {
    let house = open().await;
    let body =
        br#"{"client_name":"My app","redirect_uris":["https://app.example/back"],"grant_types":["authorization_code","refresh_token"],
        "scope":"openid launch/patient offline_access patient/*.rs","client_secret":"mine","preapproved":true,"roles":["administrator"]}"#;
    let reply = house.provider.register(&house.site, body).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    assert_eq!(text(&reply, "token_endpoint_auth_method"), "client_secret_basic");
    assert_eq!(texts(&reply, "grant_types"), ["authorization_code", "refresh_token"]);
    assert_ne!(text(&reply, "client_secret"), "mine");
    let id = text(&reply, "client_id");
    let kept = house.provider.find_client(house.site.tenant, &id).await.unwrap().unwrap();
    assert!(!kept.record.preapproved && kept.record.self_registered && kept.record.roles.is_empty());
    assert!(matches!(&kept.record.proof, Proof::Secret { hashes } if hashes.len() == 1 && !hashes[0].contains("mine")));
    let asked = house.begin(&id, &[("scope", "openid")]).await.unwrap();
    assert_eq!(asked.step(&house.site, Some(&house.ada), START, START), Ok(Step::Ask { patient: false }));
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let house = open().await;
    let (rsa, curve) = (Rsa::new(), Curve::new());
    let private = rsa.jwks.replace("\"e\"", "\"d\":\"AQAB\",\"e\"");
    let weak = rsa.jwks.replace("AQAB", "Aw");
    let twice = format!("{{\"keys\":[{0},{0}]}}", &curve.jwks[9..curve.jwks.len() - 2]);
    let with_keys = |jwks: &str| {
        format!(r#"{{"redirect_uris":["https://app.example/back"],"token_endpoint_auth_method":"private_key_jwt","jwks":{jwks}}}"#)
    };
    for (body, fault) in [
        ("{}".to_owned(), "invalid_client_metadata"),
        ("[]".to_owned(), "invalid_client_metadata"),
        ("{".to_owned(), "invalid_client_metadata"),
        (r#"{"redirect_uris":["https://a.example/"],"redirect_uris":[]}"#.to_owned(), "invalid_client_metadata"),
        (r#"{"redirect_uris":["javascript:alert(1)"]}"#.to_owned(), "invalid_redirect_uri"),
        (r#"{"redirect_uris":["http://app.example/"]}"#.to_owned(), "invalid_redirect_uri"),
        (r#"{"redirect_uris":"https://app.example/"}"#.to_owned(), "invalid_client_metadata"),
        (r#"{"redirect_uris":["https://a.example/"],"grant_types":["client_credentials"]}"#.to_owned(), "invalid_client_metadata"),
        (
            r#"{"redirect_uris":["https://a.example/"],"grant_types":["authorization_code","client_credentials"]}"#.to_owned(),
            "invalid_client_metadata",
        ),
        (r#"{"redirect_uris":["https://a.example/"],"grant_types":["password"]}"#.to_owned(), "invalid_client_metadata"),
        (r#"{"redirect_uris":["https://a.example/"],"response_types":["token"]}"#.to_owned(), "invalid_client_metadata"),
        (r#"{"redirect_uris":["https://a.example/"],"scope":"system/*.rs"}"#.to_owned(), "invalid_scope"),
        (r#"{"redirect_uris":["https://a.example/"],"scope":"patient/Nothing.rs"}"#.to_owned(), "invalid_scope"),
        (
            r#"{"redirect_uris":["https://a.example/"],"token_endpoint_auth_method":"client_secret_jwt"}"#.to_owned(),
            "invalid_client_metadata",
        ),
        (r#"{"redirect_uris":["https://a.example/"],"software_statement":"x"}"#.to_owned(), "invalid_client_metadata"),
        (r#"{"redirect_uris":["https://a.example/"],"logo_uri":"http://a.example/x.png"}"#.to_owned(), "invalid_client_metadata"),
        (r#"{"redirect_uris":["https://a.example/"],"logo_uri":"javascript:x"}"#.to_owned(), "invalid_client_metadata"),
        (r#"{"redirect_uris":["https://a.example/"],"id_token_signed_response_alg":"none"}"#.to_owned(), "invalid_client_metadata"),
        (
            r#"{"redirect_uris":["https://a.example/"],"token_endpoint_auth_method":"private_key_jwt"}"#.to_owned(),
            "invalid_client_metadata",
        ),
        (
            r#"{"redirect_uris":["https://a.example/"],"token_endpoint_auth_method":"private_key_jwt","jwks_uri":"http://127.0.0.1/jwks"}"#
                .to_owned(),
            "invalid_client_metadata",
        ),
        (with_keys(r#"{"keys":[]}"#), "invalid_client_metadata"),
        (with_keys(r#"{"keys":[{"kty":"oct","kid":"k1","k":"c2VjcmV0"}]}"#), "invalid_client_metadata"),
        (with_keys(&private), "invalid_client_metadata"),
        (with_keys(&weak), "invalid_client_metadata"),
        (with_keys(&twice), "invalid_client_metadata"),
        (with_keys(&curve.jwks.replace("\"kid\":\"k1\",", "")), "invalid_client_metadata"),
        (with_keys(&curve.jwks.replace("P-384", "P-256")), "invalid_client_metadata"),
        (with_keys(&rsa.jwks.replace("\"e\"", "\"use\":\"enc\",\"e\"")), "invalid_client_metadata"),
        (format!("{{\"x\":\"{}\"}}", "x".repeat(70_000)), "invalid_client_metadata"),
    ] {
        let reply = house.provider.register(&house.site, body.as_bytes()).await;
        assert_eq!((reply.status, &*error(&reply)), (400, fault), "{body:.150}: {}", reply.text());
    }
    assert_eq!(house.provider.register(&house.site, with_keys(&curve.jwks).as_bytes()).await.status, 201);
    assert_eq!(house.provider.register(&house.site, with_keys(&rsa.jwks).as_bytes()).await.status, 201);
}

#[tokio::test]
async fn what_an_administrator_writes_is_checked_too() {
    let house = House::new().await;
    for change in [
        (|client| client.tenant = 0) as fn(&mut oauth::Client),
        |client| client.name = " ".to_owned(),
        |client| client.redirect_uris = Vec::new(),
        |client| client.grants = vec![oauth::GrantType::RefreshToken],
        |client| client.grants.push(oauth::GrantType::ClientCredentials),
        |client| client.proof = Proof::Keys { jwks: None, jwks_uri: None },
        |client| client.launch_uri = Some("ftp://app.example".to_owned()),
        |client| client.scope = "patient/Observation".to_owned(),
        |client| {
            client.preapproved = true;
            client.redirect_uris = vec!["org.example.app:/back".to_owned()];
        },
        |client| {
            client.preapproved = true;
            client.redirect_uris = vec!["http://127.0.0.1/back".to_owned()];
        },
    ] {
        let mut client = crate::house::app();
        change(&mut client);
        assert!(house.provider.register_client(client.clone()).await.is_err(), "{client:?}");
    }
}
