//! What is done with accounts is told before it is answered.

use std::sync::atomic::Ordering;

use identity::IdentityError;
use identity::Secret;
use identity::chronicle::{Deed, Did};
use identity::factor::Proof;

use crate::factor::{halfway, totp, with_app};
use crate::house::{House, PASSWORD, TENANT, address};

/// What was told: what, by how many, and whether it was refused.
fn told(deeds: &[Deed]) -> Vec<(Did, usize, bool)> {
    deeds.iter().map(|deed| (deed.did, deed.who.len(), deed.refused.is_some())).collect()
}

#[tokio::test]
async fn signing_in_and_out_is_told_with_who_it_was_and_from_where() {
    let house = House::new();
    let id = house.set_up().await;
    assert_eq!(told(&house.deeds()), [(Did::Changed("the first account was made"), 1, false)]);
    let begun = house.sign_in("root", PASSWORD).await;
    let deeds = house.deeds();
    assert_eq!(told(&deeds), [(Did::SignIn, 1, false)]);
    let who = &deeds[0].who[0];
    assert_eq!((who.tenant, who.user.as_deref(), &*who.name), (TENANT, Some(id.as_str()), "Ada Lovelace"));
    assert_eq!((&*who.session, deeds[0].address), (begun.session.handle.as_str(), Some(address(7))));
    house.identity.sign_out(&begun.token).await.unwrap();
    assert_eq!(told(&house.deeds()), [(Did::SignOut, 1, false)]);
    house.identity.sign_out(&begun.token).await.unwrap();
    assert_eq!(told(&house.deeds()), [], "it has ended already");
}

#[tokio::test]
async fn what_fails_is_told_of_the_account_or_of_nobody_and_never_what_was_typed() {
    let house = House::new();
    house.set_up().await;
    house.deeds();
    assert!(house.try_sign_in("root", "wrong-words-for-it").await.is_err());
    assert!(house.try_sign_in("my-password-in-the-wrong-field", PASSWORD).await.is_err());
    let deeds = house.deeds();
    assert_eq!(told(&deeds), [(Did::SignIn, 1, true), (Did::SignIn, 0, true)]);
    let text = format!("{deeds:?}");
    assert!(!text.contains("wrong-words") && !text.contains("my-password"), "{text}");
}

#[tokio::test]
async fn second_factors_and_passwords_are_told() {
    let house = House::new();
    let (secret, _) = with_app(&house).await;
    house.deeds();
    let half = halfway(&house).await;
    assert_eq!(told(&house.deeds()), [], "a right password alone is no sign-in");
    assert!(house.identity.second_factor(&half, &Proof::Totp(Secret::new("000000"))).await.is_err());
    assert_eq!(told(&house.deeds()), [(Did::SignIn, 1, true)]);
    let begun = house.identity.second_factor(&half, &totp(&house, &secret, 0)).await.unwrap();
    assert_eq!(told(&house.deeds()), [(Did::SignIn, 1, false)]);
    assert!(house.identity.step_up(&begun.token, &Proof::Totp(Secret::new("000000"))).await.is_err());
    house.pass(60_000);
    let begun = house.identity.step_up(&begun.token, &totp(&house, &secret, 0)).await.unwrap();
    assert_eq!(told(&house.deeds()), [(Did::StepUp, 1, true), (Did::StepUp, 1, false)]);
    house.identity.change_password(&begun.token, &Secret::new(PASSWORD), &Secret::new("orange-lantern-thistle-9")).await.unwrap();
    assert_eq!(told(&house.deeds()), [(Did::Changed("the password of an account was changed"), 1, false)]);
}

#[tokio::test]
async fn a_guess_that_cannot_be_told_of_is_not_answered() {
    let house = House::new();
    house.set_up().await;
    house.chronicle.is_closed.store(true, Ordering::SeqCst);
    assert_eq!(house.try_sign_in("root", "wrong-words-for-it").await.err(), Some(IdentityError::Busy));
}
