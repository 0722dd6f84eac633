//! Devices without a browser: a short code, a pause that is kept, an answer once.

use oauth::authorize::{Done, Step};
use oauth::{Fault, GrantType, Reply};

use crate::house::{Endpoint, House, START, at, error, text};

struct Waiting {
    house: House,
    client: String,
    device_code: String,
    user_code: String,
}

impl Waiting {
    async fn new() -> Self {
        let house = House::new().await;
        let (client, _) = house.client(|client| client.grants.push(GrantType::DeviceCode)).await;
        let pairs = [("client_id", &*client), ("scope", "launch/patient offline_access patient/*.rs system/*.rs")];
        let reply = house.post(Endpoint::Device, &pairs).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(text(&reply, "verification_uri"), "https://ward.example/auth/device");
        let (device_code, user_code) = (text(&reply, "device_code"), text(&reply, "user_code"));
        assert_eq!(text(&reply, "verification_uri_complete"), format!("https://ward.example/auth/device?user_code={user_code}"));
        assert_eq!(at(&reply, "interval").unwrap().as_number(), Some("5"));
        assert_eq!(at(&reply, "expires_in").unwrap().as_number(), Some("600"));
        Self { house, client, device_code, user_code }
    }

    async fn poll_as(&self, client: &str) -> Reply {
        let pairs = [("grant_type", GrantType::DeviceCode.code()), ("client_id", client), ("device_code", &*self.device_code)];
        self.house.post(Endpoint::Token, &pairs).await
    }

    async fn poll(&self) -> String {
        error(&self.poll_as(&self.client).await)
    }

    async fn polled_after(&self, seconds: i64) -> String {
        self.house.clock.move_seconds(seconds);
        self.poll().await
    }
}

#[tokio::test]
async fn the_user_agrees_elsewhere_and_the_device_gets_its_tokens() {
    let waiting = Waiting::new().await;
    assert_eq!(waiting.poll().await, "authorization_pending");
    let typed = waiting.user_code.to_lowercase().replace('-', " ");
    let asked = waiting.house.provider.device_asked(&waiting.house.site, &typed).await.unwrap();
    assert_eq!(asked.scopes, ["launch/patient", "offline_access", "patient/*.rs"]);
    assert_eq!(asked.left_out, ["system/*.rs"]);
    assert_eq!(asked.step(&waiting.house.site, Some(&waiting.house.ada), START, START), Ok(Step::Ask { patient: true }));
    assert_eq!(waiting.house.grant(&asked, &waiting.house.ada).await, Ok(Done::Device));
    waiting.house.clock.move_seconds(5);
    let reply = waiting.poll_as(&waiting.client).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(text(&reply, "patient"), "pat-1");
    let access = text(&reply, "access_token");
    assert!(waiting.house.works(&access).await);
    assert_eq!(waiting.poll().await, "invalid_grant");
    assert!(!waiting.house.works(&access).await, "a code that comes again ends what it gave");
}

#[tokio::test]
async fn who_asks_too_often_waits_longer_each_time() {
    let waiting = Waiting::new().await;
    assert_eq!(waiting.poll().await, "authorization_pending");
    assert_eq!(waiting.polled_after(4).await, "slow_down");
    assert_eq!(waiting.polled_after(9).await, "slow_down");
    assert_eq!(waiting.polled_after(14).await, "slow_down");
    assert_eq!(waiting.polled_after(20).await, "authorization_pending");
}

#[tokio::test]
async fn a_refusal_or_ten_minutes_end_it() {
    let waiting = Waiting::new().await;
    let asked = waiting.house.provider.device_asked(&waiting.house.site, &waiting.user_code).await.unwrap();
    assert_eq!(waiting.house.provider.refuse(&waiting.house.site, &asked).await, Ok(Done::Device));
    assert_eq!(waiting.poll().await, "access_denied");
    assert!(waiting.house.grant(&asked, &waiting.house.ada).await.is_err(), "no is no");
    let waiting = Waiting::new().await;
    let asked = waiting.house.provider.device_asked(&waiting.house.site, &waiting.user_code).await.unwrap();
    assert_eq!(waiting.polled_after(600).await, "expired_token");
    assert!(waiting.house.grant(&asked, &waiting.house.ada).await.is_err());
    let late = waiting.house.provider.device_asked(&waiting.house.site, &waiting.user_code).await.unwrap_err();
    assert_eq!(late.fault, Fault::Expired);
}

#[tokio::test]
async fn it_is_the_clients_own_and_needs_leave() {
    let waiting = Waiting::new().await;
    let (other, _) = waiting.house.client(|client| client.grants.push(GrantType::DeviceCode)).await;
    assert_eq!(error(&waiting.poll_as(&other).await), "invalid_grant");
    let (without, _) = waiting.house.client(|_| {}).await;
    assert_eq!(error(&waiting.poll_as(&without).await), "unauthorized_client");
    let reply = waiting.house.post(Endpoint::Device, &[("client_id", &without), ("scope", "openid")]).await;
    assert_eq!(error(&reply), "unauthorized_client");
    assert_eq!(error(&waiting.house.post(Endpoint::Device, &[("client_id", &other)]).await), "invalid_request");
}

#[tokio::test]
async fn user_codes_spell_nothing_and_are_not_guessed() {
    let waiting = Waiting::new().await;
    let letters: Vec<char> = waiting.user_code.chars().collect();
    assert_eq!((letters.len(), letters[4]), (9, '-'));
    assert!(letters.iter().all(|letter| "BCDFGHJKLMNPQRSTVWXZ-".contains(*letter)), "{}", waiting.user_code);
    for typed in ["", "AAAA-AAAA", "BBBB-BBBB", &waiting.device_code, &waiting.user_code[..8]] {
        assert!(waiting.house.provider.device_asked(&waiting.house.site, typed).await.is_err(), "{typed}");
    }
}

#[tokio::test]
async fn even_a_client_that_is_approved_beforehand_is_asked_for() {
    let house = House::new().await;
    let change = |client: &mut oauth::Client| {
        client.preapproved = true;
        client.grants.push(GrantType::DeviceCode);
    };
    let (client, _) = house.client(change).await;
    let reply = house.post(Endpoint::Device, &[("client_id", &client), ("scope", "openid")]).await;
    let asked = house.provider.device_asked(&house.site, &text(&reply, "user_code")).await.unwrap();
    assert_eq!(asked.step(&house.site, Some(&house.ada), START, START), Ok(Step::Ask { patient: false }));
}
