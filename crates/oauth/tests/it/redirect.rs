//! Redirect URIs: letter by letter, and none of the tricks.

use oauth::client::redirect::{check, is_meant};

use crate::house::{House, is_shown};

#[test]
fn what_can_be_one() {
    for uri in [
        "https://app.example/back",
        "https://app.example",
        "https://app.example:8443/back?a=b",
        "http://127.0.0.1:4567/back",
        "http://127.0.0.1/back",
        "http://[::1]:4567/back",
        "http://localhost:4567/back",
        "org.example.app:/back",
        "org.example.app://back",
    ] {
        assert!(check(uri).is_ok(), "{uri}");
    }
}

#[test]
fn what_cannot() {
    for uri in [
        "",
        "/back",
        "http://app.example/back",
        "https://",
        "https:///back",
        "https://:8443/",
        "https://app.example@evil.example/",
        "https://user:pass@app.example/",
        "https://app.example/back#part",
        "https://*.example/back",
        "https://app.example/*",
        "https://app.example\\@evil.example",
        "https://app.example/ back",
        "https://app.example/\r\nLocation: x",
        "https://äpp.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "app:/back",
        "Org.Example:/back",
        "org.example.app:back",
        "HTTPS://app.example/",
        "http://127.0.0.1.evil.example/",
        "http://127.0.0.1:80@evil.example/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:+80/",
        "http://localhost.evil.example/",
        "http://localhost:x/",
        "http://127.1/",
        "http://0.0.0.0/",
    ] {
        assert!(check(uri).is_err(), "{uri}");
    }
    assert!(check(&format!("https://app.example/{}", "x".repeat(2000))).is_err());
}

#[test]
fn which_is_meant() {
    assert!(is_meant("https://app.example/back", "https://app.example/back"));
    for other in [
        "https://app.example/back/",
        "https://app.example/back?x=1",
        "https://app.example/Back",
        "https://app.example/back/../x",
        "https://app.example/bac%6B",
        "https://app.example:443/back",
        "https://app.example.evil.example/back",
        "https://sub.app.example/back",
        "http://app.example/back",
    ] {
        assert!(!is_meant("https://app.example/back", other), "{other}");
    }
}

#[test]
fn on_loopback_and_there_alone_the_port_is_free() {
    assert!(is_meant("http://127.0.0.1/back", "http://127.0.0.1:51004/back"));
    assert!(is_meant("http://[::1]:1/back?a", "http://[::1]:2/back?a"));
    assert!(!is_meant("http://127.0.0.1/back", "http://127.0.0.1:51004/other"));
    assert!(!is_meant("http://127.0.0.1/back", "http://[::1]/back"));
    assert!(!is_meant("http://127.0.0.1/back", "http://localhost/back"));
    assert!(!is_meant("http://localhost:1/back", "http://localhost:2/back"));
    assert!(!is_meant("https://app.example:1/back", "https://app.example:2/back"));
    assert!(!is_meant("http://127.0.0.1/back", "http://127.0.0.1:80@evil.example/back"));
}

#[tokio::test]
async fn a_code_is_bound_to_the_port_that_was_asked_for() {
    let house = House::new().await;
    let (client, _) = house.client(|client| client.redirect_uris = vec!["http://127.0.0.1/back".to_owned()]).await;
    let asked = house.begin(&client, &[("redirect_uri", "http://127.0.0.1:51004/back")]).await.unwrap();
    assert!(house.grant(&asked, &house.ada).await.is_ok());
    let denied = house.begin(&client, &[("redirect_uri", "http://127.0.0.1:51004/back#x")]).await.unwrap_err();
    assert!(is_shown(&denied));
}
