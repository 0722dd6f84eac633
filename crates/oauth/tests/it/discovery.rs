//! What the server says of itself, held against what it does.

use oauth::{GrantType, Settings};

use crate::house::{Endpoint, House, at, error, text, texts};

#[tokio::test]
async fn both_documents_name_the_same_endpoints() {
    let house = House::new().await;
    let (smart, openid) = (house.provider.smart_configuration(&house.site), house.provider.openid_configuration(&house.site));
    for (name, address) in [
        ("issuer", "https://ward.example"),
        ("jwks_uri", "https://ward.example/auth/jwks"),
        ("authorization_endpoint", "https://ward.example/auth/authorize"),
        ("token_endpoint", "https://ward.example/auth/token"),
        ("introspection_endpoint", "https://ward.example/auth/introspect"),
        ("revocation_endpoint", "https://ward.example/auth/revoke"),
        ("device_authorization_endpoint", "https://ward.example/auth/device-authorization"),
    ] {
        assert_eq!(text(&smart, name), address);
        assert_eq!(text(&openid, name), address);
    }
    assert_eq!(text(&openid, "userinfo_endpoint"), "https://ward.example/auth/userinfo");
    assert_eq!(texts(&smart, "code_challenge_methods_supported"), ["S256"]);
    assert_eq!(texts(&openid, "response_types_supported"), ["code"]);
    assert_eq!(smart.max_age_seconds, Some(300));
}

#[tokio::test]
async fn it_has_what_smart_and_its_test_kit_ask_for() {
    let house = House::new().await;
    let smart = house.provider.smart_configuration(&house.site);
    let capabilities = texts(&smart, "capabilities");
    for needed in [
        "launch-ehr",
        "launch-standalone",
        "authorize-post",
        "client-public",
        "client-confidential-symmetric",
        "client-confidential-asymmetric",
        "sso-openid-connect",
        "context-banner",
        "context-style",
        "context-ehr-patient",
        "context-standalone-patient",
        "context-standalone-encounter",
        "permission-offline",
        "permission-patient",
        "permission-user",
        "permission-v1",
        "permission-v2",
    ] {
        assert!(capabilities.contains(&needed.to_owned()), "{needed}");
    }
    assert_eq!(crate::house::text(&smart, "management_endpoint"), "https://ward.example/auth/apps");
    let algorithms = texts(&smart, "token_endpoint_auth_signing_alg_values_supported");
    assert!(["RS384", "ES384"].iter().all(|needed| algorithms.iter().any(|known| known == needed)));
}

#[tokio::test]
async fn each_scope_that_is_named_is_given() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    for scope in texts(&house.provider.smart_configuration(&house.site), "scopes_supported") {
        let is_for_others = scope == "launch" || scope.starts_with("system/");
        let asked = house.begin(&client, &[("scope", &format!("{scope} patient/*.rs"))]).await;
        assert_eq!(
            asked.is_ok_and(|asked| asked.scopes.iter().any(|given| given.split('.').next() == scope.split('.').next())),
            !is_for_others,
            "{scope}"
        );
    }
}

#[tokio::test]
async fn each_grant_that_is_named_is_known_and_no_other() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let named = texts(&house.provider.openid_configuration(&house.site), "grant_types_supported");
    assert_eq!(named, GrantType::ALL.map(GrantType::code));
    for grant in named {
        let reply = house.post(Endpoint::Token, &[("grant_type", &grant), ("client_id", &client)]).await;
        assert_ne!(error(&reply), "unsupported_grant_type");
    }
}

#[tokio::test]
async fn registration_is_named_where_it_is_open() {
    let closed = House::new().await;
    assert!(at(&closed.provider.openid_configuration(&closed.site), "registration_endpoint").is_none());
    let open =
        House::with(Settings { registration: true, ..Settings::default() }, std::sync::Arc::new(oauth::client::fetch::NoFetch)).await;
    assert_eq!(text(&open.provider.smart_configuration(&open.site), "registration_endpoint"), "https://ward.example/auth/register");
}

#[tokio::test]
async fn the_style_is_a_document() {
    let house = House::new().await;
    assert_eq!(text(&house.provider.style(None), "color_background"), "#ffffff");
    assert_eq!(text(&house.provider.style(Some("#00566b")), "color_highlight"), "#00566b");
}
