//! Introspection: for clients that prove themselves, with what SMART adds, and nothing of what is worth nothing.

use fhir::Value;
use oauth::{Client, Proof, Reply};

use crate::house::{Endpoint, House, at, error, text};

struct Asker {
    house: House,
    id: String,
    secret: String,
}

impl Asker {
    async fn new() -> Self {
        let house = House::new().await;
        let (id, secret) = house.client(|client: &mut Client| client.proof = Proof::Secret { hashes: Vec::new() }).await;
        Self { house, id, secret: secret.unwrap() }
    }

    async fn ask(&self, token: &str) -> Reply {
        let pairs = [("client_id", &*self.id), ("client_secret", &*self.secret), ("token", token)];
        self.house.post(Endpoint::Introspect, &pairs).await
    }

    async fn knows(&self, token: &str) -> bool {
        let reply = self.ask(token).await;
        assert_eq!(reply.status, 200);
        let active = at(&reply, "active").and_then(Value::as_bool).unwrap();
        let members = reply.body.as_ref().and_then(Value::as_object).unwrap().len();
        assert!(active || members == 1, "{}", reply.text());
        active
    }
}

#[tokio::test]
async fn it_tells_what_an_access_token_stands_for() {
    let asker = Asker::new().await;
    let (client, _) = asker.house.client(|_| {}).await;
    let (access, _) = asker.house.tokens(&client).await;
    let reply = asker.ask(&access).await;
    for (name, value) in [
        ("scope", "openid fhirUser launch/patient offline_access patient/*.rs"),
        ("client_id", &client),
        ("token_type", "Bearer"),
        ("sub", "ada"),
        ("username", "ada"),
        ("iss", "https://ward.example"),
        ("aud", "https://ward.example/fhir"),
        ("patient", "pat-1"),
        ("fhirUser", "https://ward.example/fhir/Practitioner/p-ada"),
    ] {
        assert_eq!(text(&reply, name), value, "{name}");
    }
    assert_eq!(at(&reply, "exp").unwrap().as_number(), Some("1800000900"));
    assert_eq!(at(&reply, "iat").unwrap().as_number(), Some("1800000000"));
}

#[tokio::test]
async fn it_tells_nothing_of_what_is_worth_nothing() {
    let asker = Asker::new().await;
    let (client, _) = asker.house.client(|_| {}).await;
    let (access, refresh) = asker.house.tokens(&client).await;
    assert!(asker.knows(&access).await && asker.knows(&refresh).await);
    assert!(!asker.knows("ward_at_0").await);
    let next = asker.house.refresh(&client, &refresh).await;
    assert!(!asker.knows(&refresh).await, "it is spent, and asking about it does no harm");
    assert!(asker.knows(&text(&next, "refresh_token")).await);
    asker.house.clock.move_seconds(900);
    assert!(!asker.knows(&access).await);
    asker.house.post(Endpoint::Revoke, &[("client_id", &client), ("token", &text(&next, "refresh_token"))]).await;
    assert!(!asker.knows(&text(&next, "access_token")).await);
    assert!(!asker.knows(&text(&next, "refresh_token")).await);
}

#[tokio::test]
async fn who_proves_nothing_is_told_nothing() {
    let asker = Asker::new().await;
    let (client, _) = asker.house.client(|_| {}).await;
    let (access, _) = asker.house.tokens(&client).await;
    for pairs in [
        &[("token", &*access)][..],
        &[("client_id", &*client), ("token", &*access)],
        &[("client_id", &*asker.id), ("token", &*access)],
        &[("client_id", &*asker.id), ("client_secret", "guess"), ("token", &*access)],
    ] {
        let reply = asker.house.post(Endpoint::Introspect, pairs).await;
        assert_eq!((reply.status, &*error(&reply)), (401, "invalid_client"));
    }
    let bearer = format!("Bearer {access}");
    assert_eq!(asker.house.post_as(Endpoint::Introspect, &[("token", &access)], Some(&bearer)).await.status, 401);
}
