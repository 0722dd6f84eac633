//! Sessions: listed, ended from elsewhere, not too many, and never under a token that was there before.

use identity::{IdentityError, Origin, Secret, Settings};

use crate::house::{House, MINUTE, PASSWORD, address, asked, cheap};

#[tokio::test]
async fn sessions_are_listed_and_signed_out_from_elsewhere() {
    let house = House::new();
    let id = house.set_up().await;
    let mine = house.sign_in("root", PASSWORD).await;
    house.pass(MINUTE);
    let phone = identity::sign_in::SignIn { origin: Origin::new(address(9), "Safari\non iPhone"), ..asked("root", PASSWORD) };
    house.identity.sign_in(phone).await.unwrap();
    let listed = house.identity.sessions(&id, Some(&mine.token)).await.unwrap();
    let seen: Vec<_> = listed.iter().map(|one| (&*one.session.origin.device, one.session.origin.address, one.current)).collect();
    assert_eq!(seen, [("Safarion iPhone", address(9), false), ("Firefox on Linux", address(7), true)]);
    assert_eq!(listed[1].ends, house.identity.now() + 14 * MINUTE);
    let other = &listed[0].session.handle;
    assert_eq!(house.identity.end_session("u-of-another", other).await, Err(IdentityError::Unknown("session")));
    house.identity.end_session(&id, other).await.unwrap();
    assert_eq!(house.identity.end_session(&id, other).await, Err(IdentityError::Unknown("session")));
    assert_eq!(house.identity.sessions(&id, None).await.unwrap().len(), 1);
    house.identity.sign_out(&mine.token).await.unwrap();
    house.identity.sign_out(&mine.token).await.unwrap();
    assert!(house.identity.sessions(&id, None).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_token_is_made_at_the_sign_in_and_kept_nowhere() {
    let house = House::new();
    house.set_up().await;
    let (one, two) = (house.sign_in("root", PASSWORD).await, house.sign_in("root", PASSWORD).await);
    assert!(one.token != two.token && one.token.expose().len() == 64);
    let planted = Secret::new("a".repeat(64));
    assert_eq!(house.identity.session(&planted).await.err(), Some(IdentityError::NotSignedIn), "nobody brings a token along");
    let by_id = Secret::new(one.token.fingerprint());
    assert_eq!(house.identity.session(&by_id).await.err(), Some(IdentityError::NotSignedIn), "what is kept opens nothing");
    let (kept, _) = house.identity.session(&one.token).await.unwrap();
    assert_eq!(*kept.id, one.token.fingerprint());
}

#[tokio::test]
async fn the_session_that_was_not_used_for_longest_gives_way() {
    let house = House::with(Settings { most_sessions: 3, ..cheap() });
    let id = house.set_up().await;
    let mut tokens = Vec::new();
    for _ in 0..5 {
        tokens.push(house.sign_in("root", PASSWORD).await.token);
        house.pass(MINUTE);
    }
    assert_eq!(house.identity.sessions(&id, None).await.unwrap().len(), 3);
    for (place, token) in tokens.iter().enumerate() {
        assert_eq!(house.identity.session(token).await.is_ok(), place >= 2, "{place}");
    }
}

#[tokio::test]
async fn a_password_that_was_hashed_cheaply_is_hashed_again_at_the_next_sign_in() {
    let house = House::new();
    let id = house.set_up().await;
    let dear = Settings { cost: identity::password::Cost { memory_kib: 16, passes: 2, lanes: 1 }, ..cheap() };
    let restarted = house.restarted(dear);
    restarted.sign_in(asked("root", PASSWORD)).await.unwrap();
    let kept = house.identity.directory().get::<identity::credentials::Credentials>(&format!("c-{id}")).await.unwrap().unwrap();
    assert!(kept.record.password.unwrap().contains("m=16,t=2"));
    assert_eq!(kept.version, 2);
    restarted.sign_in(asked("root", PASSWORD)).await.unwrap();
    let kept = house.identity.directory().get::<identity::credentials::Credentials>(&format!("c-{id}")).await.unwrap().unwrap();
    assert_eq!(kept.version, 2, "once");
}
