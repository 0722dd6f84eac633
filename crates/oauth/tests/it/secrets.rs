//! Canaries: what was handed out is in no record, no error and no `{:?}`.

use oauth::{GrantType, Proof};
use store::query::{HistoryQuery, Scope};

use crate::house::{BACK, Endpoint, House, VERIFIER, text};

#[tokio::test]
async fn no_record_has_what_was_handed_out() {
    let house = House::new().await;
    let change = |client: &mut oauth::Client| {
        client.proof = Proof::Secret { hashes: Vec::new() };
        client.grants.push(GrantType::DeviceCode);
    };
    let (client, secret) = house.client(change).await;
    let secret = secret.unwrap();
    let launch = house.provider.launch(&house.site, &client, "ada", oauth::launch::Opened::default()).await.unwrap();
    let launch = crate::house::param(&launch, "launch").unwrap();
    let code = house.code(&client, &[]).await;
    let who = [("client_id", &*client), ("client_secret", &*secret)];
    let device = house.post(Endpoint::Device, &[who[0], who[1], ("scope", "openid")]).await;
    let pairs =
        [who[0], who[1], ("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", BACK), ("code_verifier", VERIFIER)];
    let reply = house.post(Endpoint::Token, &pairs).await;
    let canaries = [
        secret.clone(),
        launch,
        code.clone(),
        VERIFIER.to_owned(),
        text(&device, "device_code"),
        text(&device, "user_code").replace('-', ""),
        text(&reply, "access_token"),
        text(&reply, "refresh_token"),
        text(&reply, "id_token").rsplit_once('.').unwrap().1.to_owned(),
        "PRIVATE".to_owned(),
    ];
    let everything = all_text(&house).await;
    assert!(everything.contains("access-token") && everything.contains("signing-key"));
    for canary in &canaries {
        assert!(canary.len() >= 7 && !everything.contains(canary.as_str()), "a record has {canary}");
    }
    for shown in [format!("{reply:?}"), format!("{device:?}"), format!("{:?}", house.begin(&client, &[]).await.unwrap())] {
        assert!(!canaries.iter().any(|canary| shown.contains(canary.as_str())), "{shown}");
    }
    let again = house.post(Endpoint::Token, &pairs).await;
    assert!(!canaries.iter().any(|canary| again.text().contains(canary.as_str())));
}

#[tokio::test]
async fn tokens_are_short_and_say_nothing() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (access, refresh) = house.tokens(&client).await;
    for token in [&access, &refresh] {
        assert!(token.len() <= 80 && !token.contains('.') && !token.contains(&*client), "{token}");
    }
    let (next, _) = house.tokens(&client).await;
    assert_ne!(access, next);
}

/// The text of every version of every record.
async fn all_text(house: &House) -> String {
    let query = HistoryQuery {
        tenant: identity::directory::TENANT,
        scope: Scope::System,
        since: None,
        until: None,
        before: None,
        most_bytes: None,
        count: 1000,
    };
    let found = house.directory.store().history(&query).await.unwrap();
    found.versions.iter().filter_map(|version| version.text()).map(|text| String::from_utf8_lossy(text)).collect::<Vec<_>>().join("\n")
}
