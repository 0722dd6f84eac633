//! How passwords are hashed, and what they must be.

use std::sync::Arc;

use identity::password::breached::Breached;
use identity::password::hashing::is_hash;
use identity::password::{Cost, Hasher, Policy, Weakness};
use identity::random::SystemRandom;
use identity::{IdentityError, Secret};

use crate::house::PASSWORD;

const CHEAP: Cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };

#[tokio::test]
async fn a_hash_has_its_parameters_and_a_salt_of_its_own() {
    let (hasher, password) = (Hasher::new(Cost::default(), 2, 10).unwrap(), Secret::new(PASSWORD));
    let (one, two) = (hasher.hash(&password, &SystemRandom).await.unwrap(), hasher.hash(&password, &SystemRandom).await.unwrap());
    assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && one != two, "{one}");
    let checked = hasher.check(&password, Some(&one)).await.unwrap();
    assert!(checked.right && !checked.outdated);
    assert!(!hasher.check(&Secret::new("violet-harbour-candle-48"), Some(&one)).await.unwrap().right);
    let absent = hasher.check(&Secret::new(""), None).await.unwrap();
    assert!(!absent.right, "the decoy is nobody's password");
}

#[tokio::test]
async fn cheaper_hashes_and_those_of_bcrypt_are_outdated() {
    let password = Secret::new(PASSWORD);
    let cheap = Hasher::new(CHEAP, 2, 10).unwrap();
    let hash = cheap.hash(&password, &SystemRandom).await.unwrap();
    let dearer = Hasher::new(Cost { passes: 2, ..CHEAP }, 2, 10).unwrap();
    let checked = dearer.check(&password, Some(&hash)).await.unwrap();
    assert!(checked.right && checked.outdated);
    let bcrypt = bcrypt::hash(PASSWORD, 4).unwrap();
    let checked = cheap.check(&password, Some(&bcrypt)).await.unwrap();
    assert!(checked.right && checked.outdated && is_hash(&bcrypt));
    assert!(!cheap.check(&Secret::new("wrong"), Some(&bcrypt)).await.unwrap().right);
}

#[tokio::test]
async fn a_hash_that_would_stop_the_server_or_is_none_is_never_right() {
    let hasher = Hasher::new(CHEAP, 2, 10).unwrap();
    let good = hasher.hash(&Secret::new(PASSWORD), &SystemRandom).await.unwrap();
    let bad = [
        good.replace("m=8", "m=4194304"),
        good.replace("t=1", "t=4000000"),
        good.replace("argon2id", "argon2d"),
        "$2b$31$abcdefghijklmnopqrstuuMQ0pDL2AbhDkPJy3YtQdH4lF4SGKFSi".to_owned(),
        "plain".to_owned(),
        String::new(),
    ];
    for hash in bad {
        assert!(!is_hash(&hash), "{hash}");
        assert!(!hasher.check(&Secret::new(PASSWORD), Some(&hash)).await.unwrap().right, "{hash}");
    }
    let long = hasher.check(&Secret::new("x".repeat(1025)), Some(&good)).await;
    assert!(matches!(long, Err(IdentityError::Invalid { field: "password", .. })));
    assert!(Hasher::new(Cost { memory_kib: 1, ..CHEAP }, 1, 1).is_err());
}

#[tokio::test]
async fn no_more_wait_than_may() {
    let hasher = Arc::new(Hasher::new(Cost { memory_kib: 16 * 1024, passes: 2, lanes: 1 }, 1, 3).unwrap());
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let hasher = hasher.clone();
            tokio::spawn(async move { hasher.check(&Secret::new("x"), None).await })
        })
        .collect();
    let mut busy = 0;
    for task in tasks {
        busy += u32::from(task.await.unwrap() == Err(IdentityError::Busy));
    }
    assert!((1..20).contains(&busy), "{busy} were sent away");
    assert!(hasher.check(&Secret::new("x"), None).await.is_ok(), "places are given back");
}

fn refused(password: &str) -> Option<Weakness> {
    let words = ["florence", "Florence Nightingale", "f.nightingale@hospital.example"];
    Policy::default().measure(&Secret::new(password), &words).refused
}

#[test]
fn length_counts_and_guesses_do_and_kinds_of_signs_do_not() {
    assert_eq!(refused("Tr0ub4dor&3"), Some(Weakness::Short(12)));
    assert_eq!(refused(&"abcdefgh ".repeat(40)), Some(Weakness::Long(256)));
    assert_eq!(refused("passwordpassword"), Some(Weakness::Guessable { score: 0, least: 3 }));
    assert!(matches!(refused("aaaaaaaaaaaaaaaa"), Some(Weakness::Guessable { .. })));
    assert!(matches!(refused("1q2w3e4r5t6y7u8i"), Some(Weakness::Guessable { .. } | Weakness::Known)));
    for good in ["violet harbour candle", "xkqwzvbmtrplgh", "grüne Äpfel im Oktober"] {
        assert_eq!(refused(good), None, "{good}");
    }
}

#[test]
fn what_the_account_is_known_by_is_no_password() {
    for own in ["florencenightingale", "Nightingale-Florence!", "f.nightingale@hospital.example", "Florence Nightingale 1820"] {
        assert_eq!(refused(own), Some(Weakness::Own), "{own}");
    }
    assert_eq!(refused("florence grows nine tall cactuses"), None, "a part of it may be");
}

#[test]
fn what_everybody_tries_is_no_password() {
    assert_eq!(refused("imprudentimprudent"), Some(Weakness::Guessable { score: 1, least: 3 }));
    assert_eq!(refused("misinformation"), Some(Weakness::Known), "a word of the lists that zxcvbn has");
    let list = "# of this hospital\ncorrect horse battery staple\n\n";
    let breached = Arc::new(Breached::read(list).unwrap());
    let policy = Policy { breached, ..Policy::default() };
    for known in ["correct horse battery staple", "Correct Horse Battery Staple"] {
        assert_eq!(policy.measure(&Secret::new(known), &[]).refused, Some(Weakness::Known));
    }
    assert_eq!(policy.measure(&Secret::new("correct horse battery stapler"), &[]).refused, None);
}

#[test]
fn a_list_may_have_digests_as_they_are_published() {
    // SHA-1 of "hawthorn-quill-anvil", its first 16 digits, and with a count.
    let digest: String = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, b"hawthorn-quill-anvil")
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    for line in [digest.clone(), digest[..16].to_owned(), format!("{digest}:42")] {
        assert!(Breached::read(&line).unwrap().has("hawthorn-quill-anvil").unwrap(), "{line}");
    }
    assert!(!Breached::read("").unwrap().has("").unwrap());
}

#[test]
fn the_strength_is_told() {
    let strength = Policy::default().measure(&Secret::new("passwordpassword"), &[]);
    assert!(
        strength.score == 0 && !strength.warning.is_empty() && !strength.advice.is_empty() && strength.guesses < 10_000,
        "{strength:?}"
    );
    let strength = Policy::default().measure(&Secret::new(PASSWORD), &[]);
    assert!(strength.score == 4 && strength.warning.is_empty(), "{strength:?}");
    let whole = format!("{} {PASSWORD}", "word ".repeat(10_000));
    assert_eq!(Policy::default().measure(&Secret::new(whole), &[]).refused, Some(Weakness::Long(256)), "what it costs is bounded");
}
