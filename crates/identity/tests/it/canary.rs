//! Secrets are in no error, in nothing that `{:?}` shows, and in no record: also not in those that were, until they are erased.

use fhir::definitions::ResourceType;
use identity::api_key::NewApiKey;
use identity::factor::Proof;
use identity::sign_in::SignIn;
use identity::{IdentityError, Secret};
use store::Store;
use store::commit::{Key, Tenant};

use crate::factor::{halfway, totp};
use crate::house::{House, MINUTE, PASSWORD, TENANT, asked};

const NEW: &str = "seven-lanterns-at-dusk";
const WRONG: &str = "canary-in-a-wrong-password";

/// Everything that the directory has ever stored and still has.
async fn stored(house: &House) -> String {
    let mut all = String::new();
    let basic = ResourceType::parse("Basic").unwrap();
    for change in house.store.changes(Tenant(0), 0, 10_000).await.unwrap() {
        all.push_str(&format!("{} {} {:?}\n", change.actor, change.reason, change.events));
        for (key, version, _) in change.versions {
            let key = Key::new(basic, key.id);
            let version = house.store.vread(Tenant(0), &key, version).await.unwrap().unwrap();
            all.push_str(&String::from_utf8_lossy(version.text().unwrap()));
            all.push('\n');
        }
    }
    all
}

fn errors(told: &mut String, error: Option<IdentityError>) {
    let error = error.expect("an error");
    told.push_str(&format!("{error} {error:?} {} {}\n", error.remedy(), error.code()));
}

#[tokio::test]
async fn no_secret_is_shown_or_kept() {
    let house = House::new();
    let (mut secrets, mut told) = (vec![PASSWORD.to_owned(), NEW.to_owned(), WRONG.to_owned()], String::new());
    let mut secret = |secret: &Secret| secrets.push(secret.expose().to_owned());

    let id = house.set_up().await;
    house.identity.ask_for_verification(&id, "ada@example.org").await.unwrap();
    let letters = house.letters();
    told.push_str(&format!("{letters:?}\n"));
    let link = letters[0].token.clone().unwrap();
    secret(&link);
    house.identity.verify_email(&link).await.unwrap();
    errors(&mut told, house.identity.verify_email(&link).await.err());

    let begun = house.sign_in("root", PASSWORD).await;
    secret(&begun.token);
    secret(begun.device.as_ref().unwrap());
    let wrong = SignIn { device: begun.device.clone(), ..asked("root", WRONG) };
    told.push_str(&format!("{wrong:?} {begun:?}\n"));
    errors(&mut told, house.identity.sign_in(wrong).await.err());

    let offer = house.identity.offer_totp(&begun.token).await.unwrap();
    secret(&offer.secret);
    let Proof::Totp(shown) = totp(&house, &offer.secret, 0) else { unreachable!() };
    let (strong, codes) = house.identity.confirm_totp(&begun.token, &shown).await.unwrap();
    told.push_str(&format!("{offer:?} {codes:?} {strong:?} {shown:?}\n"));
    codes.iter().for_each(&mut secret);
    house.pass(MINUTE);
    let half = halfway(&house).await;
    secret(&half);
    let spent = Proof::Recovery(codes[0].clone());
    secret(&house.identity.second_factor(&half, &spent).await.unwrap().token);
    errors(&mut told, house.identity.second_factor(&half, &spent).await.err());
    errors(&mut told, house.identity.step_up(&strong.token, &spent).await.err());

    let key =
        NewApiKey { name: "k".into(), user: Some(id.clone()), tenant: TENANT, part: None, scopes: None, each_minute: None, until: None };
    let (key, made) = house.identity.make_api_key(key).await.unwrap();
    secret(&key);
    told.push_str(&format!("{key:?} {made:?}\n"));
    let reset = house.identity.make_reset_link(&id).await.unwrap();
    secret(&reset);
    errors(&mut told, house.identity.reset_password(&reset, &Secret::new("short")).await.err());
    house.identity.reset_password(&reset, &Secret::new(NEW)).await.unwrap();
    let kept = house.identity.directory().get::<identity::credentials::Credentials>(&format!("c-{id}")).await.unwrap();
    told.push_str(&format!("{kept:?}\n"));
    let hash = kept.unwrap().record.password.unwrap();

    let stored = stored(&house).await;
    assert!(stored.contains(&id) && told.contains("Secret(…)"), "the canary sings where it may");
    for secret in &secrets {
        assert!(!told.contains(secret.as_str()), "{secret} is shown");
        assert!(!stored.contains(secret.as_str()), "{secret} is kept");
    }
    assert!(!told.contains(&hash) && !told.contains("$argon2id$"), "nor is a hash shown");
    let bytes = identity::secret::hex(&crate::factor::bytes(&offer.secret));
    assert!(!stored.contains(&bytes), "the secret of an app is sealed");
}
