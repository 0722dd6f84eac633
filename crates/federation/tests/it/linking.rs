//! Links: made by whoever is signed in, and taken away.

use federation::{Arrival, FederationError, Purpose};
use identity::{IdentityError, Secret};

use crate::house::{House, TENANT, begun, usual, welcoming};

/// Links a person at the provider to the account of a session.
async fn link(house: &House, session: &identity::sign_in::Begun, subject: &str) -> Result<Arrival, FederationError> {
    arrive_with(house, session, Some(&session.token), subject).await
}

async fn arrive_with(
    house: &House,
    session: &identity::sign_in::Begun,
    token: Option<&Secret>,
    subject: &str,
) -> Result<Arrival, FederationError> {
    let traveller = house.depart("city", Purpose::Link { session: session.session.handle.clone() }).await.expect("sent");
    house.outside.signs_in(subject, &traveller.nonce);
    house.arrive("city", &traveller, token, &[("state", &traveller.state), ("code", "c"), ("iss", "https://city.example")]).await
}

#[tokio::test]
async fn whoever_is_signed_in_links_an_account_and_signs_in_by_it() {
    let house = House::with(usual("city", "https://city.example")).await;
    let ada = house.user("ada").await;
    let session = house.sign_in("ada").await;
    assert!(matches!(link(&house, &session, "sub-1").await, Ok(Arrival::Linked)));
    assert_eq!(begun(house.go("city", "sub-1").await).user_id, ada);
    let linked = house.identity.linked(&ada).await.expect("links");
    assert_eq!(linked.len(), 1);
    assert!(!linked[0].record.subject.contains("sub-1"));
    house.identity.unlink(&ada, &linked[0].id).await.expect("unlinked");
    assert_eq!(house.go("city", "sub-1").await.map(drop), Err(IdentityError::NotLinked.into()));
}

#[tokio::test]
async fn nobody_links_to_the_session_of_another() {
    let house = House::with(usual("city", "https://city.example")).await;
    house.user("ada").await;
    house.user("bob").await;
    let (ada, bob) = (house.sign_in("ada").await, house.sign_in("bob").await);
    assert_eq!(arrive_with(&house, &ada, Some(&bob.token), "sub-1").await.map(drop), Err(FederationError::OtherSession));
    assert_eq!(arrive_with(&house, &ada, None, "sub-1").await.map(drop), Err(FederationError::OtherSession));
    house.identity.sign_out(&ada.token).await.expect("signed out");
    assert_eq!(link(&house, &ada, "sub-1").await.map(drop), Err(IdentityError::NotSignedIn.into()));
    for user in [&ada.user_id, &bob.user_id] {
        assert!(house.identity.linked(user).await.expect("links").is_empty());
    }
}

#[tokio::test]
async fn a_person_is_linked_to_one_account() {
    let house = House::with(usual("city", "https://city.example")).await;
    house.user("ada").await;
    house.user("bob").await;
    let (ada, bob) = (house.sign_in("ada").await, house.sign_in("bob").await);
    link(&house, &ada, "sub-1").await.expect("linked");
    for session in [&ada, &bob] {
        assert_eq!(link(&house, session, "sub-1").await.map(drop), Err(IdentityError::AlreadyLinked.into()));
    }
    // The same name at another provider is somebody else.
    house.federation.add(usual("town", "https://city.example"), None).await.expect("a provider");
    house.federation.link(TENANT, "town", &bob.user_id, "sub-1").await.expect("linked");
    assert_eq!(begun(house.go("city", "sub-1").await).user_id, ada.user_id);
    assert_eq!(begun(house.go("town", "sub-1").await).user_id, bob.user_id);
}

#[tokio::test]
async fn the_last_way_into_an_account_stays() {
    let house = House::with(welcoming("city", "https://city.example")).await;
    let eve = begun(house.go("city", "eve").await);
    let linked = house.identity.linked(&eve.user_id).await.expect("links");
    assert!(matches!(house.identity.unlink(&eve.user_id, &linked[0].id).await, Err(IdentityError::WrongState(_))));
    let other = house.user("ada").await;
    assert_eq!(house.identity.unlink(&other, &linked[0].id).await, Err(IdentityError::Unknown("link")));
}
