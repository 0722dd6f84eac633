//! Origins of apps, whose scripts may read what the API answers.

use oauth::client::origin::{is_one, of};
use oauth::{GrantType, Proof};
use store::commit::Tenant;

use crate::house::House;

#[test]
fn an_origin_is_written_as_browsers_write_it() {
    for (address, origin) in [
        ("https://app.example/back", Some("https://app.example")),
        ("https://APP.example:443/back?x#y", Some("https://app.example")),
        ("https://app.example:8443", Some("https://app.example:8443")),
        ("http://127.0.0.1:4000/back", Some("http://127.0.0.1:4000")),
        ("http://localhost/back", Some("http://localhost")),
        ("http://[::1]:80/back", Some("http://[::1]")),
        ("http://app.example/back", None),
        ("https://user@app.example/", None),
        ("org.example.app:/back", None),
        ("https:///x", None),
    ] {
        assert_eq!(of(address).as_deref(), origin, "{address}");
        assert!(origin.is_none_or(is_one), "{address}");
    }
    for wrong in ["https://app.example/", "https://app.example:443", "https://App.example", "null", "*", "https://*.example", ""] {
        assert!(!is_one(wrong), "{wrong}");
    }
}

#[tokio::test]
async fn those_of_a_client_that_may_be_used_are_known_in_its_tenant() {
    let house = House::new().await;
    let provider = &house.provider;
    let is = async |tenant: u32, origin: &str| provider.is_web_origin(Tenant(tenant), origin).await.unwrap();
    assert!(!is(1, "https://app.example").await);
    house.clock.move_seconds(2);
    let (public, _) = house.client(|client| client.origins = vec!["https://more.example".to_owned()]).await;
    house
        .client(|client| {
            (client.proof, client.redirect_uris) = (Proof::Secret { hashes: Vec::new() }, vec!["https://server.example/b".to_owned()])
        })
        .await;
    for (tenant, origin, is_known) in [
        (1, "https://app.example", true),
        (1, "https://more.example", true),
        (2, "https://app.example", false),
        (1, "https://server.example", false),
        (1, "https://other.example", false),
        (1, "null", false),
    ] {
        assert_eq!(is(tenant, origin).await, is_known, "{tenant} {origin}");
    }
    // Two of one origin: it goes with the last.
    let (twin, _) = house.client(|_| {}).await;
    for id in [public, twin] {
        assert!(is(1, "https://app.example").await, "{id}");
        let kept = provider.find_client(Tenant(1), &id).await.unwrap().unwrap();
        provider.change_client(&kept, &oauth::Client { active: false, ..kept.record.clone() }).await.unwrap();
    }
    assert!(!is(1, "https://app.example").await, "at once");
    assert!(!is(1, "https://more.example").await);
}

#[tokio::test]
async fn a_client_is_registered_with_origins_alone() {
    let house = House::new().await;
    for wrong in ["https://app.example/", "*", "null", "http://app.example"] {
        let client = oauth::Client { origins: vec![wrong.to_owned()], ..crate::house::app() };
        assert_eq!(house.provider.register_client(client).await.unwrap_err().error(), "invalid_client_metadata", "{wrong}");
    }
    let service = oauth::Client { grants: vec![GrantType::DeviceCode], redirect_uris: Vec::new(), launch_uri: None, ..crate::house::app() };
    assert_eq!(service.web_origins().count(), 0, "it runs in no browser");
}
