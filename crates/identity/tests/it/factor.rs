//! Second factors: authenticator apps, recovery codes, stepping up.

use access::Strength;
use identity::factor::Proof;
use identity::factor::enrolment::Factors;
use identity::factor::totp::{base32, code, step_at};
use identity::outbox::About;
use identity::sign_in::{SignIn, SignedIn};
use identity::{Authenticator, IdentityError, Secret};

use crate::house::{HOUR, House, MINUTE, PASSWORD, TENANT, asked};

/// The bytes of a secret in base 32.
pub fn bytes(secret: &Secret) -> Vec<u8> {
    let digit = |sign: char| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(sign).unwrap();
    let bits: Vec<usize> = secret.expose().chars().map(digit).flat_map(|digit| (0..5).rev().map(move |bit| digit >> bit & 1)).collect();
    bits.chunks_exact(8).map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | *bit as u8)).collect()
}

pub fn totp(house: &House, secret: &Secret, off: i64) -> Proof {
    Proof::Totp(Secret::new(code(&bytes(secret), step_at(house.identity.now() + off))))
}

/// An account with an authenticator app: its secret, and its recovery codes.
pub async fn with_app(house: &House) -> (Secret, Vec<Secret>) {
    house.set_up().await;
    let begun = house.sign_in("root", PASSWORD).await;
    let offer = house.identity.offer_totp(&begun.token).await.unwrap();
    let Proof::Totp(shown) = totp(house, &offer.secret, 0) else { unreachable!() };
    let (_, codes) = house.identity.confirm_totp(&begun.token, &shown).await.unwrap();
    house.pass(MINUTE);
    (offer.secret, codes)
}

pub async fn halfway(house: &House) -> Secret {
    match house.try_sign_in("root", PASSWORD).await.unwrap() {
        SignedIn::Halfway { token, .. } => token,
        SignedIn::Done(_) => panic!("a second factor is asked for"),
    }
}

#[test]
fn codes_are_those_of_rfc_6238() {
    // Appendix B, the rows of SHA-1; the last 6 of their 8 digits.
    for (second, digits) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        assert_eq!(code(b"12345678901234567890", step_at(second * 1000)), digits, "{second}");
    }
    assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
    assert_eq!(step_at(-1), 0);
}

#[tokio::test]
async fn an_app_counts_when_a_code_of_it_was_shown_and_not_before() {
    let house = House::new();
    let id = house.set_up().await;
    let begun = house.sign_in("root", PASSWORD).await;
    let offer = house.identity.offer_totp(&begun.token).await.unwrap();
    assert_eq!(
        offer.address.expose(),
        format!("otpauth://totp/Ward:root?secret={}&issuer=Ward&algorithm=SHA1&digits=6&period=30", offer.secret.expose())
    );
    let again = house.sign_in("root", PASSWORD).await;
    assert_eq!(again.session.strong_until, None, "it was only offered");
    let wrong = house.identity.confirm_totp(&begun.token, &Secret::new("000000")).await.err();
    assert_eq!(wrong, Some(IdentityError::FactorRefused));
    let Proof::Totp(shown) = totp(&house, &offer.secret, 0) else { unreachable!() };
    let (strong, codes) = house.identity.confirm_totp(&begun.token, &shown).await.unwrap();
    assert_eq!(house.identity.session(&begun.token).await.err(), Some(IdentityError::NotSignedIn), "the token is another");
    assert_eq!(house.identity.factors(&id).await.unwrap(), Factors { totp: true, recovery: 10, ..Factors::default() });
    assert_eq!((strong.session.strength(house.identity.now()), codes.len()), (Strength::Two, 10));
    assert_eq!(
        house.identity.offer_totp(&again.token).await.err(),
        Some(IdentityError::FactorRefused),
        "from now on it takes the factor to change it"
    );
}

#[tokio::test]
async fn a_sign_in_takes_both_and_a_code_is_taken_once() {
    let house = House::new();
    let (secret, _) = with_app(&house).await;
    let half = halfway(&house).await;
    let authenticator = Authenticator::new(house.identity.clone(), 10);
    assert_eq!(authenticator.session(half.expose(), TENANT).await, Err(IdentityError::NotSignedIn), "half a sign-in is none");
    let now = totp(&house, &secret, 0);
    let begun = house.identity.second_factor(&half, &now).await.unwrap();
    assert_eq!(authenticator.session(begun.token.expose(), TENANT).await.unwrap().strength, Strength::Two);
    assert_eq!(
        house.identity.second_factor(&half, &totp(&house, &secret, 30_000)).await.err(),
        Some(IdentityError::NotSignedIn),
        "the first half is used"
    );
    let half = halfway(&house).await;
    for used in [now, totp(&house, &secret, -30_000)] {
        assert_eq!(
            house.identity.second_factor(&half, &used).await.err(),
            Some(IdentityError::FactorRefused),
            "used, or before one that was used"
        );
    }
    assert!(house.identity.second_factor(&half, &totp(&house, &secret, 30_000)).await.is_ok());
}

#[tokio::test]
async fn clocks_may_be_off_by_a_step_and_no_more() {
    let house = House::new();
    let (secret, _) = with_app(&house).await;
    for (off, taken) in [(-60_000, false), (-30_000, true), (60_000, false), (30_000, true), (HOUR, false), (-HOUR, false)] {
        house.pass(10 * MINUTE);
        let half = halfway(&house).await;
        assert_eq!(house.identity.second_factor(&half, &totp(&house, &secret, off)).await.is_ok(), taken, "{off}");
    }
}

#[tokio::test]
async fn the_first_half_ends_and_factors_have_few_tries() {
    let house = House::new();
    let (secret, _) = with_app(&house).await;
    let half = halfway(&house).await;
    house.pass(5 * MINUTE);
    assert_eq!(house.identity.second_factor(&half, &totp(&house, &secret, 0)).await.err(), Some(IdentityError::NotSignedIn));
    let wrong = Proof::Totp(Secret::new("123456"));
    let mut refused = Vec::new();
    for _ in 0..6 {
        // A new first half gives no new tries.
        refused.extend(house.identity.second_factor(&halfway(&house).await, &wrong).await.err());
    }
    assert_eq!(refused[..5], vec![IdentityError::FactorRefused; 5]);
    assert!(matches!(refused[5], IdentityError::Wait { .. }));
}

#[tokio::test]
async fn each_recovery_code_opens_once_however_it_is_written() {
    let house = House::new();
    let (secret, codes) = with_app(&house).await;
    let begun = house.identity.second_factor(&halfway(&house).await, &Proof::Recovery(codes[0].clone())).await.unwrap();
    assert_eq!(begun.session.strength(house.identity.now()), Strength::Two);
    let again = house.identity.second_factor(&halfway(&house).await, &Proof::Recovery(codes[0].clone())).await.err();
    assert_eq!(again, Some(IdentityError::FactorRefused));
    let shouted = Proof::Recovery(Secret::new(codes[1].expose().replace('-', " ").to_uppercase()));
    let begun = house.identity.second_factor(&halfway(&house).await, &shouted).await.unwrap();
    let renewed = house.identity.renew_recovery_codes(&begun.token).await.unwrap();
    assert_eq!(renewed.len(), 10);
    let old = house.identity.second_factor(&halfway(&house).await, &Proof::Recovery(codes[2].clone())).await.err();
    assert_eq!(old, Some(IdentityError::FactorRefused), "those before are worth nothing");
    assert!(house.identity.second_factor(&halfway(&house).await, &Proof::Recovery(renewed[9].clone())).await.is_ok());
    house.identity.second_factor(&halfway(&house).await, &totp(&house, &secret, 0)).await.unwrap();
}

#[tokio::test]
async fn a_session_is_strong_for_a_while_and_steps_up_again() {
    let house = House::with(identity::Settings { strong_ms: 5 * MINUTE, ..crate::house::cheap() });
    let (secret, _) = with_app(&house).await;
    let authenticator = Authenticator::new(house.identity.clone(), 10);
    let begun = house.identity.second_factor(&halfway(&house).await, &totp(&house, &secret, 0)).await.unwrap();
    let strength = async |token: &Secret| authenticator.session(token.expose(), TENANT).await.map(|who| who.strength);
    house.pass(5 * MINUTE - 10_000);
    assert_eq!(strength(&begun.token).await, Ok(Strength::Two));
    house.pass(10_000);
    assert_eq!(strength(&begun.token).await, Ok(Strength::One), "also when it was seen a moment ago");
    assert_eq!(house.identity.remove_totp(&begun.token).await, Err(IdentityError::FactorRefused));
    let stepped = house.identity.step_up(&begun.token, &totp(&house, &secret, 0)).await.unwrap();
    assert_eq!((strength(&stepped.token).await, strength(&begun.token).await), (Ok(Strength::Two), Err(IdentityError::NotSignedIn)));
    assert_eq!(stepped.session.handle, begun.session.handle);
    assert_eq!(house.identity.step_up(&stepped.token, &Proof::Totp(Secret::new("1"))).await.err(), Some(IdentityError::FactorRefused));
    house.identity.remove_totp(&stepped.token).await.unwrap();
    assert!(matches!(house.try_sign_in("root", PASSWORD).await, Ok(SignedIn::Done(_))), "no factor is left");
}

#[tokio::test]
async fn an_administrator_helps_who_has_lost_them_and_the_owner_is_told() {
    let house = House::new();
    let (_, codes) = with_app(&house).await;
    let root = house.identity.find_user("root").await.unwrap().unwrap().id;
    house.identity.ask_for_verification(&root, "ada@example.org").await.unwrap();
    house.identity.verify_email(&house.posted_token()).await.unwrap();
    let begun = house.identity.second_factor(&halfway(&house).await, &Proof::Recovery(codes[0].clone())).await.unwrap();
    house.identity.remove_factors(&root).await.unwrap();
    assert_eq!(house.letters()[0].about, About::FactorsChanged);
    assert_eq!(house.identity.session(&begun.token).await.err(), Some(IdentityError::NotSignedIn));
    assert_eq!(house.identity.factors(&root).await.unwrap(), Factors::default());
    house.sign_in("root", PASSWORD).await;
}

#[tokio::test]
async fn a_secret_that_was_sealed_for_another_account_opens_nothing() {
    let house = House::new();
    let (secret, _) = with_app(&house).await;
    let directory = house.identity.directory();
    let root = house.identity.find_user("root").await.unwrap().unwrap().id;
    let kept = directory.get::<identity::credentials::Credentials>(&format!("c-{root}")).await.unwrap().unwrap();
    let mut moved = kept.record.clone();
    moved.totp.as_mut().unwrap().sealed =
        moved.totp.as_ref().unwrap().sealed.replacen(&identity::secret::hex(b"totp|u-"), &identity::secret::hex(b"totp|v-"), 1);
    directory
        .apply(identity::directory::Changes::new("tamper", identity::chronicle::Told::Nothing("a test")).update(&kept, &moved))
        .await
        .unwrap();
    let answer = house.identity.second_factor(&halfway(&house).await, &totp(&house, &secret, 0)).await.err();
    assert_eq!(answer, Some(IdentityError::Unsealable));
}

#[tokio::test]
async fn a_known_device_has_tries_of_its_own_for_the_second_factor() {
    let house = House::new();
    house.set_up().await;
    let device = house.sign_in("root", PASSWORD).await.device;
    let begun = house.sign_in("root", PASSWORD).await;
    let offer = house.identity.offer_totp(&begun.token).await.unwrap();
    let Proof::Totp(shown) = totp(&house, &offer.secret, 0) else { unreachable!() };
    house.identity.confirm_totp(&begun.token, &shown).await.unwrap();
    house.pass(MINUTE);
    let wrong = Proof::Totp(Secret::new("123456"));
    while !matches!(house.identity.second_factor(&halfway(&house).await, &wrong).await, Err(IdentityError::Wait { .. })) {}
    let known = SignIn { device, ..asked("root", PASSWORD) };
    let Ok(SignedIn::Halfway { token, .. }) = house.identity.sign_in(known).await else { panic!("a second factor is asked for") };
    assert!(house.identity.second_factor(&token, &totp(&house, &offer.secret, 0)).await.is_ok());
}

#[tokio::test]
async fn who_is_suspended_is_not_even_asked_for_the_factor() {
    let house = House::new();
    let (secret, _) = with_app(&house).await;
    let half = halfway(&house).await;
    let root = house.identity.find_user("root").await.unwrap().unwrap().id;
    house.identity.suspend(&root).await.unwrap();
    assert_eq!(house.try_sign_in("root", PASSWORD).await.err(), Some(IdentityError::SignInRefused));
    assert_eq!(house.identity.second_factor(&half, &totp(&house, &secret, 0)).await.err(), Some(IdentityError::NotSignedIn));
}
