//! Keys of clients that are found at an address: asked for when needed, believed no longer than their server says.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use oauth::client::fetch::Fetch;
use oauth::{GrantType, Proof, Settings};
use store::contract::Pending;

use crate::house::{Endpoint, House, START};
use crate::signer::{Curve, Says};

/// A server of keys.
#[derive(Default)]
struct Server {
    says: Mutex<Option<(String, Option<u32>)>>,
    asked: AtomicU32,
}

impl Fetch for Server {
    fn fetch<'a>(&'a self, uri: &'a str) -> Pending<'a, Result<(Vec<u8>, Option<u32>), String>> {
        assert_eq!(uri, "https://app.example/jwks");
        self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(async {
            tokio::task::yield_now().await;
            let says = self.says.lock().unwrap().clone();
            says.map(|(text, max_age)| (text.into_bytes(), max_age)).ok_or_else(|| "it does not answer".to_owned())
        })
    }
}

struct Scene {
    house: House,
    server: Arc<Server>,
    client: String,
    count: AtomicU32,
}

impl Scene {
    async fn new() -> Self {
        let server = Arc::new(Server::default());
        let house = House::with(Settings::default(), server.clone()).await;
        let service = |client: &mut oauth::Client| {
            client.proof = Proof::Keys { jwks: None, jwks_uri: Some("https://app.example/jwks".to_owned()) };
            client.grants = vec![GrantType::ClientCredentials];
            client.redirect_uris = Vec::new();
            client.scope = "system/*.rs".to_owned();
        };
        let (client, _) = house.client(service).await;
        Self { house, server, client, count: AtomicU32::new(0) }
    }

    fn says(&self, jwks: &str, max_age: Option<u32>) {
        *self.server.says.lock().unwrap() = Some((jwks.to_owned(), max_age));
    }

    async fn works(&self, key: &Curve) -> bool {
        let now = store::contract::Clock::now(&*self.house.clock) / 1000;
        let jti = format!("j-{}", self.count.fetch_add(1, Ordering::SeqCst));
        let assertion = key.sign(&Says::honest("ES384", &self.client, &jti, now));
        let pairs = [
            ("grant_type", "client_credentials"),
            ("scope", "system/*.rs"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", &assertion),
        ];
        self.house.post(Endpoint::Token, &pairs).await.status == 200
    }

    fn asked(&self) -> u32 {
        self.server.asked.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn they_are_asked_for_once_and_again_when_they_have_ended() {
    let scene = Scene::new().await;
    let (old, new) = (Curve::new(), Curve::new());
    scene.says(&old.jwks, Some(60));
    assert!(scene.works(&old).await && scene.works(&old).await);
    assert_eq!(scene.asked(), 1);
    scene.says(&new.jwks, Some(60));
    scene.house.clock.move_seconds(59);
    assert!(scene.works(&old).await);
    scene.house.clock.move_seconds(1);
    assert!(!scene.works(&old).await, "a key that was withdrawn is worth nothing once the list has ended");
    assert!(scene.works(&new).await);
    assert_eq!(scene.asked(), 2);
}

#[tokio::test]
async fn what_may_not_be_kept_is_not() {
    let scene = Scene::new().await;
    let key = Curve::new();
    scene.says(&key.jwks, Some(0));
    assert!(scene.works(&key).await && scene.works(&key).await);
    assert_eq!(scene.asked(), 2);
}

#[tokio::test]
async fn a_key_that_is_new_is_found_after_a_pause() {
    let scene = Scene::new().await;
    let (old, mut new) = (Curve::new(), Curve::new());
    new.jwks = new.jwks.replace("\"k1\"", "\"k2\"");
    scene.says(&old.jwks, None);
    assert!(scene.works(&old).await);
    scene.says(&new.jwks, None);
    let by_new = |jti: &str| new.sign(&Says::honest("ES384", &scene.client, jti, START / 1000).with("\"k1\"", "\"k2\""));
    let works = |assertion: String| {
        let scene = &scene;
        async move {
            let pairs = [
                ("grant_type", "client_credentials"),
                ("scope", "system/*.rs"),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", &assertion),
            ];
            scene.house.post(Endpoint::Token, &pairs).await.status == 200
        }
    };
    assert!(!works(by_new("n-1")).await, "nobody makes this server ask again and again");
    assert_eq!(scene.asked(), 1);
    scene.house.clock.move_seconds(10);
    assert!(works(by_new("n-2")).await);
    assert_eq!(scene.asked(), 2);
}

#[tokio::test]
async fn a_server_that_fails_or_says_nonsense_proves_nothing_and_has_its_pause() {
    let scene = Scene::new().await;
    let key = Curve::new();
    for _ in 0..5 {
        assert!(!scene.works(&key).await);
    }
    assert_eq!(scene.asked(), 1);
    for (times, nonsense) in ["", "{}", "{\"keys\":{}}", "<html>", &"x".repeat(300_000)].into_iter().enumerate() {
        scene.says(nonsense, None);
        scene.house.clock.move_seconds(10);
        assert!(!scene.works(&key).await);
        assert_eq!(scene.asked() as usize, times + 2);
    }
    scene.says(&key.jwks, None);
    scene.house.clock.move_seconds(10);
    assert!(scene.works(&key).await);
}

#[tokio::test]
async fn of_many_at_once_one_asks() {
    let scene = Scene::new().await;
    let key = Curve::new();
    scene.says(&key.jwks, None);
    let all = futures_util::future::join_all((0..20).map(|_| scene.works(&key))).await;
    assert!(all.into_iter().all(|works| works));
    assert_eq!(scene.asked(), 1);
}
