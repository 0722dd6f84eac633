//! Introspection: for clients that prove themselves, with what SMART adds, and nothing of what is worth nothing.

use fhir::Value;
use oauth::authorize::Done;
use oauth::launch::{Item, Opened};
use oauth::{Client, GrantType, Proof, Reply};

use crate::house::{Endpoint, House, at, error, param, text};

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
async fn it_tells_what_was_open_too() {
    let Asker { house, id, secret } = Asker::new().await;
    let (client, _) = house.client(|_| {}).await;
    let opened = Opened {
        patient: Some("pat-9".to_owned()),
        encounter: Some("enc-3".to_owned()),
        others: Item::list(r#"[{"reference":"ImagingStudy/i-1"}]"#).unwrap(),
        intent: Some("reconcile-medications".to_owned()),
        needs_banner: true,
    };
    let address = house.provider.launch(&house.site, &client, "ada", opened).await.unwrap();
    let token = param(&address, "launch").unwrap();
    let asked = house.begin(&client, &[("scope", "openid launch patient/*.rs"), ("launch", &token)]).await.unwrap();
    let Ok(Done::Redirect(back)) = house.grant(&asked, &house.ada).await else { panic!() };
    let given = house.redeem(&client, &param(&back, "code").unwrap()).await;
    let pairs = [("client_id", &*id), ("client_secret", &*secret), ("token", &text(&given, "access_token"))];
    let told = house.post(Endpoint::Introspect, &pairs).await;
    for name in ["patient", "encounter", "intent", "fhirContext", "need_patient_banner", "smart_style_url"] {
        assert!(at(&given, name).is_some() && at(&told, name) == at(&given, name), "{name}: {}", told.text());
    }
}

#[tokio::test]
async fn a_service_may_ask_with_its_token_and_nobody_else_with_theirs() {
    let asker = Asker::new().await;
    let (client, _) = asker.house.client(|_| {}).await;
    let (access, _) = asker.house.tokens(&client).await;
    let (service, secret) = asker
        .house
        .client(|client: &mut Client| {
            client.proof = Proof::Secret { hashes: Vec::new() };
            client.grants = vec![GrantType::ClientCredentials];
            client.redirect_uris = Vec::new();
            client.scope = "system/*.rs".to_owned();
        })
        .await;
    let secret = secret.unwrap();
    let pairs = [("grant_type", "client_credentials"), ("scope", "system/*.rs"), ("client_id", &*service), ("client_secret", &*secret)];
    let own = text(&asker.house.post(Endpoint::Token, &pairs).await, "access_token");
    let ask = async |with: &str| asker.house.post_as(Endpoint::Introspect, &[("token", &access)], Some(&format!("Bearer {with}"))).await;
    let told = ask(&own).await;
    assert_eq!((told.status, &*text(&told, "client_id")), (200, &*client), "{}", told.text());
    assert_eq!(ask(&access).await.status, 403);
    assert_eq!(ask("ward_at_0").await.status, 401);
    let pairs = [("token", &*own), ("client_id", &*service), ("client_secret", &*secret)];
    asker.house.post(Endpoint::Revoke, &pairs).await;
    assert_eq!(ask(&own).await.status, 401);
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
    assert_eq!(asker.house.post_as(Endpoint::Introspect, &[("token", &access)], Some(&bearer)).await.status, 403);
}
