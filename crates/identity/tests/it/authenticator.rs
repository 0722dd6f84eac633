//! From a token to who asks, and how that ends at once.

use access::Strength;
use identity::api_key::{KeysOf, NewApiKey};
use identity::{Authenticator, IdentityError, Membership};
use store::commit::Tenant;

use crate::house::{HOUR, House, MINUTE, PASSWORD, TENANT};

#[tokio::test]
async fn a_session_says_who_asks_in_each_tenant_of_theirs() {
    let house = House::new();
    let id = house.set_up().await;
    let part = Membership { fhir_user: Some("Practitioner/12".into()), ..Membership::with_role(Tenant(2), "physician") };
    house.identity.set_membership(&id, part).await.unwrap();
    let (begun, authenticator) = (house.sign_in("root", PASSWORD).await, Authenticator::new(house.identity.clone(), 100));
    let first = authenticator.session(begun.token.expose(), TENANT).await.unwrap();
    assert_eq!((first.tenant, first.user.as_deref(), &*first.name), (TENANT, Some(&*id), "Ada Lovelace"));
    assert_eq!((&*first.roles[0].role, first.strength, &*first.session), ("system-administrator", Strength::One, &*begun.session.handle));
    let second = authenticator.session(begun.token.expose(), Tenant(2)).await.unwrap();
    assert_eq!((second.fhir_user.as_ref().unwrap().to_string(), &*second.roles[0].role), ("Practitioner/12".to_owned(), "physician"));
    assert_eq!(authenticator.session(begun.token.expose(), Tenant(3)).await, Err(IdentityError::NoMembership));
    assert_eq!(authenticator.session("0000", TENANT).await, Err(IdentityError::NotSignedIn));
}

#[tokio::test]
async fn whatever_ends_it_is_felt_by_the_next_request() {
    let house = House::new();
    let id = house.set_up().await;
    let authenticator = Authenticator::new(house.identity.clone(), 100);
    for way in 0..6 {
        let (token, other) = (house.sign_in("root", PASSWORD).await.token, house.sign_in("root", PASSWORD).await);
        assert!(authenticator.session(token.expose(), TENANT).await.is_ok(), "{way}");
        match way {
            0 => drop(house.identity.sign_out(&token).await.unwrap()),
            1 => house.identity.end_all_sessions(&id).await.unwrap(),
            2 => house.identity.end_other_sessions(&other.token).await.unwrap(),
            3 => {
                let (session, _) = house.identity.session(&token).await.unwrap();
                house.identity.end_session(&id, &session.record.handle).await.unwrap();
            }
            4 => house.pass(15 * MINUTE),
            _ => drop(house.identity.suspend(&id).await.unwrap()),
        }
        assert_eq!(authenticator.session(token.expose(), TENANT).await, Err(IdentityError::NotSignedIn), "{way}");
    }
}

#[tokio::test]
async fn a_session_that_is_used_goes_on_until_it_is_too_old() {
    let house = House::new();
    house.set_up().await;
    let authenticator = Authenticator::new(house.identity.clone(), 100);
    let token = house.sign_in("root", PASSWORD).await.token;
    let written = || async { house.identity.session(&token).await.unwrap().0.version };
    for minute in 0..12 * 60 {
        assert!(authenticator.session(token.expose(), TENANT).await.is_ok(), "{minute}");
        house.pass(MINUTE / 2);
        let before = written().await;
        assert!(authenticator.session(token.expose(), TENANT).await.is_ok(), "{minute}");
        assert_eq!(before, written().await, "written at most once a minute");
        house.pass(MINUTE / 2);
    }
    assert_eq!(authenticator.session(token.expose(), TENANT).await, Err(IdentityError::NotSignedIn));
}

#[tokio::test]
async fn a_change_of_roles_holds_from_the_next_request_on() {
    let house = House::new();
    let id = house.set_up().await;
    let authenticator = Authenticator::new(house.identity.clone(), 100);
    let token = house.sign_in("root", PASSWORD).await.token;
    let role = async || authenticator.session(token.expose(), TENANT).await.map(|who| who.roles[0].role.to_string());
    assert_eq!(role().await.as_deref(), Ok("system-administrator"));
    house.identity.set_membership(&id, Membership::with_role(TENANT, "nurse")).await.unwrap();
    assert_eq!(role().await.as_deref(), Ok("nurse"));
    house.identity.remove_membership(&id, TENANT).await.unwrap();
    assert_eq!(role().await, Err(IdentityError::NoMembership));
}

fn key(user: Option<String>) -> NewApiKey {
    let part = user.is_none().then(|| Membership::with_role(TENANT, "service"));
    NewApiKey { name: "reports".into(), user, tenant: TENANT, part, scopes: None, each_minute: None, until: None }
}

#[tokio::test]
async fn an_api_key_acts_for_its_account_or_its_service_until_it_ends() {
    let house = House::new();
    let id = house.set_up().await;
    let authenticator = Authenticator::new(house.identity.clone(), 100);
    let (secret, made) = house.identity.make_api_key(key(Some(id.clone()))).await.unwrap();
    assert!(secret.expose().starts_with(&made.prefix) && secret.expose().len() > 64);
    let who = authenticator.api_key(secret.expose(), TENANT).await.unwrap();
    assert_eq!((who.user.as_deref(), who.client.as_deref(), who.strength), (Some(&*id), Some(&*made.handle), Strength::One));
    assert_eq!(authenticator.api_key(secret.expose(), Tenant(2)).await, Err(IdentityError::NoMembership));
    assert_eq!(authenticator.session(secret.expose(), TENANT).await, Err(IdentityError::NotSignedIn), "a key is no session");

    let until = Some(house.identity.now() + HOUR);
    let (service, _) = house.identity.make_api_key(NewApiKey { until, ..key(None) }).await.unwrap();
    let who = authenticator.api_key(service.expose(), TENANT).await.unwrap();
    assert_eq!((who.user.as_deref(), &*who.name, &*who.roles[0].role), (None, "reports", "service"));
    house.pass(HOUR);
    assert_eq!(authenticator.api_key(service.expose(), TENANT).await, Err(IdentityError::NotSignedIn));

    assert_eq!(house.identity.api_keys(KeysOf::User(&id)).await.unwrap()[0].last_used, Some(crate::house::NOON));
    house.identity.revoke_api_key(&made.handle).await.unwrap();
    assert_eq!(authenticator.api_key(secret.expose(), TENANT).await, Err(IdentityError::NotSignedIn));
    assert!(house.identity.api_keys(KeysOf::User(&id)).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_key_makes_as_many_requests_a_minute_as_it_may() {
    let house = House::new();
    let authenticator = Authenticator::new(house.identity.clone(), 100);
    let (secret, _) = house.identity.make_api_key(NewApiKey { each_minute: Some(3), ..key(None) }).await.unwrap();
    for _ in 0..3 {
        authenticator.api_key(secret.expose(), TENANT).await.unwrap();
    }
    let until = (house.identity.now() / MINUTE + 1) * MINUTE;
    assert_eq!(authenticator.api_key(secret.expose(), TENANT).await, Err(IdentityError::KeyLimit { until }));
    house.pass(MINUTE);
    assert!(authenticator.api_key(secret.expose(), TENANT).await.is_ok());
}

#[tokio::test]
async fn the_scopes_of_a_key_narrow_it_and_must_be_understood() {
    let house = House::new();
    let authenticator = Authenticator::new(house.identity.clone(), 100);
    let of = |scopes: &str| NewApiKey { scopes: Some(scopes.into()), ..key(None) };
    let (secret, _) = house.identity.make_api_key(of("system/Patient.rs system/Observation.r")).await.unwrap();
    let who = authenticator.api_key(secret.expose(), TENANT).await.unwrap();
    assert_eq!(who.scopes.as_ref().unwrap().resources.len(), 2);
    let wrong = house.identity.make_api_key(of("system/Patient.rs system/Nothing.x")).await.err();
    assert!(matches!(wrong, Some(IdentityError::Invalid { field: "scopes", .. })), "{wrong:?}");
    let past = NewApiKey { until: Some(house.identity.now()), ..key(None) };
    assert!(matches!(house.identity.make_api_key(past).await, Err(IdentityError::Invalid { field: "until", .. })));
    let none = NewApiKey { part: None, ..key(None) };
    assert!(matches!(house.identity.make_api_key(none).await, Err(IdentityError::Invalid { field: "part", .. })));
    let nobody = NewApiKey { user: Some("u-0".into()), part: None, ..key(None) };
    assert_eq!(house.identity.make_api_key(nobody).await.err(), Some(IdentityError::Unknown("account")));
}

#[tokio::test]
async fn many_tokens_are_remembered_and_none_is_mistaken_for_another() {
    let house = House::with(identity::Settings { most_sessions: 200, ..crate::house::cheap() });
    house.set_up().await;
    let authenticator = Authenticator::new(house.identity.clone(), 10);
    let mut begun = Vec::new();
    for _ in 0..40 {
        begun.push(house.sign_in("root", PASSWORD).await);
    }
    for one in begun.iter().chain(&begun) {
        let who = authenticator.session(one.token.expose(), TENANT).await.unwrap();
        assert_eq!(*who.session, *one.session.handle, "room is for ten of them");
    }
}
