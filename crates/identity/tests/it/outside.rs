//! Whom a provider outside vouches for: what is noted of the provider at their sessions, told in the trail, and ended by it.

use identity::IdentityError;
use identity::chronicle::Did;
use identity::factor::Proof;
use identity::outside::Vouched;
use identity::sign_in::SignedIn;
use identity::{Origin, Secret};

use crate::factor::{totp, with_app};
use crate::house::{House, PASSWORD, TENANT, address};

fn vouched<'a>(subject: &'a str, sessions: &'a [String]) -> Vouched<'a> {
    Vouched {
        tenant: TENANT,
        provider: "op-1",
        provider_name: "City Hospital",
        sessions,
        parting: Some("sealed".to_owned()),
        subject,
        shown: "ada",
        second_factor: false,
        origin: Origin::new(address(7), "Firefox"),
    }
}

/// What was told, with the provider.
fn told(house: &House) -> Vec<(Did, Option<String>, bool)> {
    house.deeds().into_iter().map(|deed| (deed.did, deed.by.map(String::from), deed.refused.is_some())).collect()
}

#[tokio::test]
async fn the_provider_is_told_with_the_begin_and_the_end_of_a_session() {
    let house = House::new();
    let id = house.set_up().await;
    house.identity.link_person(&id, &vouched("person-1", &[])).await.unwrap();
    house.deeds();
    let sessions = ["s-1".to_owned()];
    let Ok(SignedIn::Done(begun)) = house.identity.sign_in_outside(&vouched("person-1", &sessions)).await else { panic!("signed in") };
    let by = || Some("City Hospital".to_owned());
    assert_eq!(told(&house), [(Did::SignIn, by(), false)]);
    let ended = house.identity.sign_out(&begun.token).await.unwrap().expect("a session");
    assert_eq!(told(&house), [(Did::SignOut, by(), false)]);
    let came_by = ended.came_by.expect("a provider");
    assert_eq!((came_by.provider.as_str(), came_by.parting.as_deref()), ("op-1", Some("sealed")));
    assert!(!format!("{came_by:?}").contains("person-1") && !format!("{came_by:?}").contains("s-1"), "names are there as SHA-256 alone");
    // Whoever comes by a password has come by nobody.
    let begun = house.sign_in("root", PASSWORD).await;
    house.identity.sign_out(&begun.token).await.unwrap();
    assert_eq!(told(&house), [(Did::SignIn, None, false), (Did::SignOut, None, false)]);
}

#[tokio::test]
async fn half_a_sign_in_keeps_by_whom_it_came_and_ends_with_it() {
    let house = House::new();
    let (secret, _) = with_app(&house).await;
    let id = house.identity.find_user("root").await.unwrap().expect("an account").id;
    house.identity.link_person(&id, &vouched("person-1", &[])).await.unwrap();
    house.deeds();
    let sessions = ["s-1".to_owned()];
    let half = async || match house.identity.sign_in_outside(&vouched("person-1", &sessions)).await {
        Ok(SignedIn::Halfway { token, .. }) => token,
        other => panic!("{other:?}"),
    };
    let token = half().await;
    assert!(house.identity.second_factor(&token, &Proof::Totp(Secret::new("000000"))).await.is_err());
    let begun = house.identity.second_factor(&token, &totp(&house, &secret, 0)).await.unwrap();
    let by = || Some("City Hospital".to_owned());
    assert_eq!(told(&house), [(Did::SignIn, by(), true), (Did::SignIn, by(), false)]);
    let token = half().await;
    let other = ["0".repeat(64)];
    assert_eq!(house.identity.end_outside("op-1", "person-1", &other).await, Ok(0), "of another session there");
    assert_eq!(house.identity.end_outside("op-2", "person-1", &[]).await, Ok(0), "of another provider");
    assert_eq!(house.identity.end_outside("op-1", "person-2", &[]).await, Ok(0), "another person");
    let of = [Secret::new("s-1").fingerprint()];
    assert_eq!(house.identity.end_outside("op-1", "person-1", &of).await, Ok(1));
    assert_eq!(told(&house), [(Did::SignOut, by(), false)]);
    assert!(house.identity.session(&begun.token).await.is_err());
    house.pass(60_000);
    let late = house.identity.second_factor(&token, &totp(&house, &secret, 0)).await;
    assert_eq!(late.map(drop), Err(IdentityError::NotSignedIn), "what was half done is over as well");
}

#[tokio::test]
async fn a_session_of_which_the_provider_said_nothing_may_be_any() {
    let house = House::new();
    let id = house.set_up().await;
    house.identity.link_person(&id, &vouched("person-1", &[])).await.unwrap();
    house.identity.sign_in_outside(&vouched("person-1", &[])).await.unwrap();
    assert_eq!(house.identity.end_outside("op-1", "person-1", &["0".repeat(64)]).await, Ok(1));
}
