//! Passwords that are reset and changed, and what that ends.

use identity::accounts::Invitation;
use identity::outbox::About;
use identity::password::Weakness;
use identity::sign_in::SignIn;
use identity::{Authenticator, IdentityError, Secret};

use crate::house::{HOUR, House, MINUTE, PASSWORD, TENANT, asked};

const NEW: &str = "seven-lanterns-at-dusk";

async fn with_address(house: &House) -> String {
    let id = house.set_up().await;
    house.identity.ask_for_verification(&id, "ada@example.org").await.unwrap();
    house.identity.verify_email(&house.posted_token()).await.unwrap();
    id
}

#[tokio::test]
async fn a_reset_happens_once_and_ends_all_sessions() {
    let house = House::new();
    let id = with_address(&house).await;
    let authenticator = Authenticator::new(house.identity.clone(), 10);
    let begun = house.sign_in("root", PASSWORD).await;
    authenticator.session(begun.token.expose(), TENANT).await.unwrap();
    house.identity.ask_for_reset("root").await.unwrap();
    house.identity.ask_for_reset("ada@example.org").await.unwrap();
    let letters = house.letters();
    assert!(letters.iter().all(|letter| letter.about == About::Reset && letter.to == "ada@example.org") && letters.len() == 2);
    let (first, second) = (letters[0].token.clone().unwrap(), letters[1].token.clone().unwrap());
    let weak = house.identity.reset_password(&first, &Secret::new("ada lovelace 1815")).await;
    assert!(matches!(weak, Err(IdentityError::WeakPassword(_))), "{weak:?}");
    assert_eq!(house.identity.reset_password(&first, &Secret::new(NEW)).await, Ok(id));
    assert_eq!(authenticator.session(begun.token.expose(), TENANT).await, Err(IdentityError::NotSignedIn));
    for used in [first, second] {
        assert_eq!(house.identity.reset_password(&used, &Secret::new(PASSWORD)).await, Err(IdentityError::LinkSpent));
    }
    assert_eq!(house.letters()[0].about, About::PasswordChanged);
    assert_eq!(house.try_sign_in("root", PASSWORD).await.err(), Some(IdentityError::SignInRefused));
    house.sign_in("root", NEW).await;
    let known = SignIn { device: begun.device, ..asked("root", NEW) };
    assert!(
        matches!(house.identity.sign_in(known).await.unwrap(), identity::sign_in::SignedIn::Done(begun) if begun.device.is_some()),
        "devices are forgotten"
    );
}

#[tokio::test]
async fn a_link_ends_after_half_an_hour_and_nobody_is_told_who_has_an_account() {
    let house = House::new();
    with_address(&house).await;
    house.identity.ask_for_reset("nobody").await.unwrap();
    let (waiting, _) = invited(&house).await;
    house.identity.ask_for_reset(&waiting).await.unwrap();
    assert!(house.letters().is_empty());
    house.identity.ask_for_reset("root").await.unwrap();
    house.pass(30 * MINUTE);
    assert_eq!(house.identity.reset_password(&house.posted_token(), &Secret::new(NEW)).await, Err(IdentityError::LinkSpent));
}

async fn invited(house: &House) -> (String, Secret) {
    let (login, name) = ("grace".to_owned(), "Grace Hopper".to_owned());
    let asked = Invitation { login: login.clone(), name, email: None, locale: None, memberships: Vec::new() };
    (login, house.identity.invite(asked).await.unwrap().1)
}

#[tokio::test]
async fn an_administrator_hands_over_a_link() {
    let house = House::new();
    let id = house.set_up().await;
    let link = house.identity.make_reset_link(&id).await.unwrap();
    house.identity.suspend(&id).await.unwrap();
    assert_eq!(house.identity.reset_password(&link, &Secret::new(NEW)).await, Err(IdentityError::LinkSpent), "not when it is suspended");
    assert_eq!(house.identity.make_reset_link(&id).await, Err(IdentityError::WrongState("active")));
    house.identity.reactivate(&id).await.unwrap();
    assert_eq!(house.identity.reset_password(&link, &Secret::new(NEW)).await, Err(IdentityError::LinkSpent), "nor after that");
    let link = house.identity.make_reset_link(&id).await.unwrap();
    house.identity.reset_password(&link, &Secret::new(NEW)).await.unwrap();
    house.sign_in("root", NEW).await;
}

#[tokio::test]
async fn who_knows_the_old_password_changes_it_and_goes_on_under_a_new_token() {
    let house = House::new();
    house.set_up().await;
    let (mine, other) = (house.sign_in("root", PASSWORD).await, house.sign_in("root", PASSWORD).await);
    let (old, new) = (Secret::new(PASSWORD), Secret::new(NEW));
    assert_eq!(house.identity.change_password(&mine.token, &new, &new).await.err(), Some(IdentityError::SignInRefused));
    let short = house.identity.change_password(&mine.token, &old, &Secret::new("short")).await.err();
    assert_eq!(short, Some(IdentityError::WeakPassword(Weakness::Short(12))));
    let begun = house.identity.change_password(&mine.token, &old, &new).await.unwrap();
    assert_eq!(begun.session.handle, mine.session.handle);
    for ended in [&mine.token, &other.token] {
        assert_eq!(house.identity.session(ended).await.err(), Some(IdentityError::NotSignedIn));
    }
    assert!(house.identity.session(&begun.token).await.is_ok());
    house.sign_in("root", NEW).await;
    let mut refused = Vec::new();
    for _ in 0..6 {
        refused.extend(house.identity.change_password(&begun.token, &old, &new).await.err());
    }
    assert_eq!(refused[4], IdentityError::SignInRefused);
    assert!(matches!(refused[5], IdentityError::Wait { .. }), "a stolen session does not guess for ever");
    house.pass(HOUR);
    assert_eq!(house.identity.change_password(&begun.token, &old, &new).await.err(), Some(IdentityError::NotSignedIn));
}

#[tokio::test]
async fn nobody_fills_the_mailbox_of_another() {
    let house = House::new();
    with_address(&house).await;
    for _ in 0..20 {
        house.identity.ask_for_reset("root").await.unwrap();
    }
    assert_eq!(house.letters().len(), 4, "after the one that verified the address");
    house.pass(MINUTE);
    house.identity.ask_for_reset("root").await.unwrap();
    assert_eq!(house.letters().len(), 1, "after a while there is another");
}
