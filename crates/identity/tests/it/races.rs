//! Fifty at once with one thing that can be used once: one has it.

use std::future::Future;

use identity::accounts::{Invitation, SetUp};
use identity::factor::Proof;
use identity::{Identity, IdentityError, Secret};
use tokio::task::JoinSet;

use crate::factor::{halfway, totp, with_app};
use crate::house::{House, PASSWORD, root};

const NEW: &str = "seven-lanterns-at-dusk";

/// What fifty calls at once answer: how many succeed, and the errors of the others.
async fn fifty<T, F>(house: &House, call: impl Fn(Identity, usize) -> F) -> (usize, Vec<IdentityError>)
where
    T: Send + 'static,
    F: Future<Output = Result<T, IdentityError>> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for number in 0..50 {
        tasks.spawn(call(house.identity.clone(), number));
    }
    let answers = tasks.join_all().await;
    let won = answers.iter().filter(|answer| answer.is_ok()).count();
    (won, answers.into_iter().filter_map(Result::err).collect())
}

fn all(errors: &[IdentityError], may_be: fn(&IdentityError) -> bool) {
    assert!(errors.iter().all(may_be), "{errors:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_link_of_the_first_start() {
    let house = House::new();
    let (token, _) = house.identity.first_start().await.unwrap().unwrap();
    let (won, lost) = fifty(&house, |identity, number| {
        let token = token.clone();
        async move { identity.set_up(&token, SetUp { login: format!("root{number}"), ..root() }).await }
    })
    .await;
    assert_eq!(won, 1);
    all(&lost, |error| *error == IdentityError::LinkSpent);
    assert_eq!(house.identity.users(Default::default()).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_invitation_and_a_login() {
    let house = House::new();
    let asked = || Invitation { login: "grace".into(), name: "Grace".into(), email: None, locale: None, memberships: Vec::new() };
    let (won, lost) = fifty(&house, |identity, _| async move { identity.invite(asked()).await }).await;
    assert_eq!(won, 1);
    all(&lost, |error| *error == IdentityError::Taken("login".into()));
    let id = house.identity.find_user("grace").await.unwrap().unwrap().id;
    let token = house.identity.invite_again(&id).await.unwrap();
    let (won, lost) = fifty(&house, |identity, _| {
        let token = token.clone();
        async move { identity.accept_invitation(&token, &Secret::new(PASSWORD)).await }
    })
    .await;
    assert_eq!(won, 1);
    all(&lost, |error| *error == IdentityError::LinkSpent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_verification_and_a_reset() {
    let house = House::new();
    let id = house.set_up().await;
    house.identity.ask_for_verification(&id, "ada@example.org").await.unwrap();
    let token = house.posted_token();
    let (won, lost) = fifty(&house, |identity, _| {
        let token = token.clone();
        async move { identity.verify_email(&token).await }
    })
    .await;
    assert_eq!(won, 1);
    all(&lost, |error| *error == IdentityError::LinkSpent);
    house.identity.ask_for_reset("root").await.unwrap();
    let token = house.posted_token();
    let (won, lost) = fifty(&house, |identity, number| {
        let token = token.clone();
        async move { identity.reset_password(&token, &Secret::new(format!("{NEW}-{number}"))).await }
    })
    .await;
    assert_eq!(won, 1);
    all(&lost, |error| *error == IdentityError::LinkSpent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_code_of_an_app_and_a_recovery_code() {
    let house = House::new();
    let (secret, codes) = with_app(&house).await;
    for proof in [totp(&house, &secret, 0), Proof::Recovery(codes[3].clone())] {
        let mut halves = Vec::new();
        for _ in 0..50 {
            halves.push(halfway(&house).await);
        }
        let (won, lost) = fifty(&house, |identity, number| {
            let (half, proof) = (halves[number].clone(), proof.clone());
            async move { identity.second_factor(&half, &proof).await }
        })
        .await;
        assert_eq!(won, 1, "{lost:?}");
        all(&lost, |error| matches!(error, IdentityError::FactorRefused | IdentityError::Wait { .. }));
        house.pass(crate::house::HOUR);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_first_half_of_a_sign_in() {
    let house = House::new();
    let (_, codes) = with_app(&house).await;
    let half = halfway(&house).await;
    let (won, lost) = fifty(&house, |identity, number| {
        let (half, proof) = (half.clone(), Proof::Recovery(codes[number % 10].clone()));
        async move { identity.second_factor(&half, &proof).await }
    })
    .await;
    assert_eq!(won, 1, "{lost:?}");
    let left = house.identity.factors(&house.identity.find_user("root").await.unwrap().unwrap().id).await.unwrap().recovery;
    assert_eq!(left, 9, "those that lost have used no code up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reset_among_sign_ins_leaves_no_session_of_the_old_password() {
    let house = House::new();
    let id = house.set_up().await;
    let link = house.identity.make_reset_link(&id).await.unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..4 {
        let identity = house.identity.clone();
        tasks.spawn(async move { identity.sign_in(crate::house::asked("root", PASSWORD)).await.ok() });
    }
    house.identity.reset_password(&link, &Secret::new(NEW)).await.unwrap();
    for begun in tasks.join_all().await.into_iter().flatten() {
        let identity::sign_in::SignedIn::Done(begun) = begun else { panic!("no factor") };
        assert_eq!(house.identity.session(&begun.token).await.err(), Some(IdentityError::NotSignedIn));
    }
    assert!(house.identity.sessions(&id, None).await.unwrap().is_empty());
}
