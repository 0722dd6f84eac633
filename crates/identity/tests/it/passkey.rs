//! Passkeys: made, used as a second factor, to step up and alone; and what is not one.

use std::sync::Arc;

use access::Strength;
use identity::base64url::{decode, encode};
use identity::factor::Proof;
use identity::factor::passkey::authenticator_data::AuthenticatorData;
use identity::factor::passkey::cbor::{Cbor, whole};
use identity::factor::passkey::cose::PublicKey;
use identity::settings::RelyingParty;
use identity::sign_in::{Begun, SignedIn};
use identity::{IdentityError, Party, Secret, Settings};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::device::{Device, PRESENT, altered};
use crate::factor::halfway;
use crate::house::{House, MINUTE, PASSWORD, cheap, origin};

/// What is not true, and how a device tells it.
type Lie = (&'static str, fn(&mut Device));

fn house() -> House {
    let (id, origins) = ("ward.example.org".to_owned(), vec!["https://ward.example.org".to_owned()]);
    House::with(Settings { relying_party: Some(RelyingParty { id, origins }), ..cheap() })
}

/// An account that has the passkey of a device.
async fn with(house: &House, device: &Device) -> (Begun, Vec<Secret>) {
    house.set_up().await;
    let begun = house.sign_in("root", PASSWORD).await;
    let options = house.identity.offer_passkey(&begun.token).await.unwrap();
    house.identity.take_passkey(&begun.token, "key of steel", &device.make(&options)).await.unwrap()
}

#[tokio::test]
async fn a_passkey_of_each_algorithm_is_made_and_used_as_second_factor_to_step_up_and_alone() {
    for (number, keys) in [Device::es256(), Device::ed25519(), Device::rs256()].into_iter().enumerate() {
        let (house, mut device) = (house(), Device::new(keys, 7));
        device.packed = number == 0;
        let (begun, codes) = with(&house, &device).await;
        assert_eq!((begun.session.strength(house.identity.now()), codes.len()), (Strength::Two, 10), "{number}");
        let half = halfway(&house).await;
        let options = house.identity.ask_for_passkey(&half).await.unwrap();
        assert_eq!(options["allowCredentials"][0]["id"], encode(&device.id));
        let begun = house.identity.second_factor(&half, &Proof::Passkey(device.answer(&options))).await.unwrap();
        let options = house.identity.ask_for_passkey(&begun.token).await.unwrap();
        let begun = house.identity.step_up(&begun.token, &Proof::Passkey(device.answer(&options))).await.unwrap();
        let options = house.identity.ask_for_any_passkey().await.unwrap();
        assert_eq!((&options["allowCredentials"], &options["userVerification"]), (&json!([]), &json!("required")));
        let alone = house.identity.sign_in_with_passkey(&device.answer(&options), origin(), None).await.unwrap();
        assert_eq!((alone.user_id, alone.session.strength(house.identity.now())), (begun.user_id.clone(), Strength::Two));
        let passkeys = house.identity.passkeys(&begun.user_id).await.unwrap();
        assert_eq!((&*passkeys[0].name, passkeys[0].last_used), ("key of steel", Some(house.identity.now())));
    }
}

#[tokio::test]
async fn an_answer_counts_once_and_for_what_it_was_asked_for() {
    let (house, mut device) = (house(), Device::new(Device::es256(), 7));
    let (begun, _) = with(&house, &device).await;
    let half = halfway(&house).await;
    let answer = device.answer(&house.identity.ask_for_passkey(&half).await.unwrap());
    let alone = async |answer: &Value| house.identity.sign_in_with_passkey(answer, origin(), None).await.err();
    assert_eq!(alone(&answer).await, Some(IdentityError::SignInRefused), "a second factor is no sign-in");
    house.identity.second_factor(&half, &Proof::Passkey(answer.clone())).await.unwrap();
    let again = house.identity.second_factor(&halfway(&house).await, &Proof::Passkey(answer)).await.err();
    assert_eq!(again, Some(IdentityError::FactorRefused), "once");
    let answer = device.answer(&house.identity.ask_for_any_passkey().await.unwrap());
    let second = house.identity.second_factor(&halfway(&house).await, &Proof::Passkey(answer.clone())).await.err();
    assert_eq!(second, Some(IdentityError::FactorRefused), "a challenge for anybody is not for one");
    house.pass(5 * MINUTE);
    assert_eq!(alone(&answer).await, Some(IdentityError::SignInRefused), "five minutes");
    let options = house.identity.offer_passkey(&begun.token).await.unwrap();
    assert_eq!(alone(&device.answer(&options)).await, Some(IdentityError::SignInRefused), "a challenge for making one is not for using it");
    let options = house.identity.offer_passkey(&begun.token).await.unwrap();
    let making = house.identity.second_factor(&halfway(&house).await, &Proof::Passkey(device.answer(&options))).await.err();
    assert_eq!(making, Some(IdentityError::FactorRefused), "nor for a second factor");
    let options = house.identity.ask_for_passkey(&begun.token).await.unwrap();
    let using = house.identity.take_passkey(&begun.token, "x", &Device::new(Device::es256(), 8).make(&options)).await.err();
    assert_eq!(using, Some(IdentityError::FactorRefused), "nor the other way");
    let own = json!({ "challenge": encode(&[1; 32]) });
    assert_eq!(alone(&device.answer(&own)).await, Some(IdentityError::SignInRefused), "a challenge that nobody made");
}

#[tokio::test]
async fn an_answer_that_is_altered_or_from_elsewhere_is_refused() {
    let (house, mut device) = (house(), Device::new(Device::es256(), 7));
    with(&house, &device).await;
    let fresh = async || house.identity.ask_for_any_passkey().await.unwrap();
    let alone = async |answer: &Value| house.identity.sign_in_with_passkey(answer, origin(), None).await.err();
    let refused = Some(IdentityError::SignInRefused);
    for member in ["clientDataJSON", "authenticatorData", "signature"] {
        let options = fresh().await;
        let good = device.answer(&options);
        assert_eq!(alone(&altered(&good, member, |bytes| *bytes.last_mut().unwrap() ^= 1)).await, refused, "{member}");
        assert_eq!(alone(&altered(&good, member, |bytes| bytes.truncate(bytes.len() / 2))).await, refused, "{member}");
        assert_eq!(alone(&altered(&good, member, |bytes| bytes.push(0))).await, refused, "{member}");
        assert_eq!(alone(&good).await, None, "what was refused has spent nothing");
    }
    let lies: [Lie; 7] = [
        ("another origin", |device| device.origin = "https://ward.example.org.evil.example".to_owned()),
        ("plain HTTP", |device| device.origin = "http://ward.example.org".to_owned()),
        ("a page inside of another's", |device| device.cross_origin = true),
        ("another relying party", |device| device.rp_id = "example.org".to_owned()),
        ("nobody there", |device| device.flags = 4),
        ("not verified", |device| device.flags = PRESENT),
        ("another key", |device| device.keys = Device::es256()),
    ];
    for (lie, tell) in lies {
        let mut liar = Device::new(Device::es256(), 7);
        std::mem::swap(&mut liar.keys, &mut device.keys);
        tell(&mut liar);
        assert_eq!(alone(&liar.answer(&fresh().await)).await, refused, "{lie}");
        if lie != "another key" {
            std::mem::swap(&mut liar.keys, &mut device.keys);
        }
    }
}

#[tokio::test]
async fn a_device_that_counts_must_count_on() {
    let (house, mut device) = (house(), Device::new(Device::ed25519(), 7));
    device.count = 5;
    with(&house, &device).await;
    for (count, taken) in [(5, false), (6, true), (6, false), (4, false), (0, false), (9, true)] {
        device.count = count;
        let answer = device.answer(&house.identity.ask_for_any_passkey().await.unwrap());
        assert_eq!(house.identity.sign_in_with_passkey(&answer, origin(), None).await.is_ok(), taken, "{count}");
    }
}

#[tokio::test]
async fn a_passkey_that_is_none_does_not_come_in() {
    let house = house();
    house.set_up().await;
    let begun = house.sign_in("root", PASSWORD).await;
    let take = async |device: &Device, change: fn(&Value) -> Value| {
        let options = house.identity.offer_passkey(&begun.token).await.unwrap();
        house.identity.take_passkey(&begun.token, "x", &change(&device.make(&options))).await.err()
    };
    let lies: [Lie; 5] = [
        ("another origin", |device| device.origin = "https://evil.example".to_owned()),
        ("another relying party", |device| device.rp_id = "evil.example".to_owned()),
        ("nobody there", |device| device.flags = 0),
        ("backed up, and may not be", |device| device.flags |= 0x10),
        ("no id", |device| device.id.clear()),
    ];
    for (lie, tell) in lies {
        let mut device = Device::new(Device::es256(), 7);
        tell(&mut device);
        assert_eq!(take(&device, Value::clone).await, Some(IdentityError::FactorRefused), "{lie}");
    }
    let device = Device::new(Device::es256(), 7);
    let other_id = |made: &Value| {
        let mut other = made.clone();
        other["id"] = encode(&[8; 32]).into();
        other
    };
    assert_eq!(take(&device, other_id).await, Some(IdentityError::FactorRefused));
    assert_eq!(take(&device, |made| altered(made, "attestationObject", |bytes| bytes.push(0))).await, Some(IdentityError::FactorRefused));
    assert_eq!(take(&device, |_| json!({})).await, Some(IdentityError::FactorRefused));
    let packed = Device { packed: true, ..Device::new(Device::es256(), 7) };
    assert_eq!(
        take(&packed, |made| altered(made, "clientDataJSON", |bytes| bytes.insert(1, b' '))).await,
        Some(IdentityError::FactorRefused),
        "its attestation is of other data"
    );
    let options = house.identity.offer_passkey(&begun.token).await.unwrap();
    let (_, codes) = house.identity.take_passkey(&begun.token, "x", &device.make(&options)).await.unwrap();
    assert_eq!(codes.len(), 10);
}

#[tokio::test]
async fn a_passkey_belongs_to_one_and_goes_when_its_owner_says_so() {
    let (house, mut device) = (house(), Device::new(Device::es256(), 7));
    let (begun, _) = with(&house, &device).await;
    let asked =
        identity::accounts::Invitation { login: "grace".into(), name: "Grace".into(), email: None, locale: None, memberships: Vec::new() };
    let (_, link) = house.identity.invite(asked).await.unwrap();
    house.identity.accept_invitation(&link, &Secret::new(PASSWORD)).await.unwrap();
    let grace = house.sign_in("grace", PASSWORD).await;
    let options = house.identity.offer_passkey(&grace.token).await.unwrap();
    assert_eq!(house.identity.take_passkey(&grace.token, "x", &device.make(&options)).await.err(), Some(IdentityError::FactorRefused));
    let again = house.identity.offer_passkey(&begun.token).await.unwrap();
    assert_eq!(again["excludeCredentials"][0]["id"], encode(&device.id));
    assert_eq!(house.identity.remove_passkey(&begun.token, "AAAA").await, Err(IdentityError::Unknown("passkey")));
    assert_eq!(house.identity.rename_passkey(&begun.token, "AAAA", "x").await, Err(IdentityError::Unknown("passkey")));
    assert!(matches!(house.identity.rename_passkey(&begun.token, &encode(&device.id), " ").await, Err(IdentityError::Invalid { .. })));
    let weak = halfway(&house).await;
    assert_eq!(house.identity.rename_passkey(&weak, &encode(&device.id), "x").await, Err(IdentityError::NotSignedIn));
    house.identity.rename_passkey(&begun.token, &encode(&device.id), "ring").await.unwrap();
    assert_eq!(house.identity.passkeys(&begun.user_id).await.unwrap()[0].name, "ring");
    house.identity.remove_passkey(&begun.token, &encode(&device.id)).await.unwrap();
    assert!(matches!(house.try_sign_in("root", PASSWORD).await, Ok(SignedIn::Done(_))));
    let answer = device.answer(&house.identity.ask_for_any_passkey().await.unwrap());
    assert_eq!(house.identity.sign_in_with_passkey(&answer, origin(), None).await.err(), Some(IdentityError::SignInRefused));
    let options = house.identity.offer_passkey(&grace.token).await.unwrap();
    assert!(house.identity.take_passkey(&grace.token, "x", &device.make(&options)).await.is_ok(), "it is free");
}

#[tokio::test]
async fn without_a_relying_party_there_are_none() {
    let house = House::new();
    house.set_up().await;
    let begun = house.sign_in("root", PASSWORD).await;
    assert!(matches!(house.identity.offer_passkey(&begun.token).await, Err(IdentityError::WrongState(_))));
    assert!(matches!(house.identity.ask_for_any_passkey().await, Err(IdentityError::WrongState(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_with_one_answer_one_signs_in() {
    let (house, mut device) = (house(), Device::new(Device::es256(), 7));
    with(&house, &device).await;
    let answer = device.answer(&house.identity.ask_for_any_passkey().await.unwrap());
    let mut tasks = JoinSet::new();
    for _ in 0..50 {
        let (identity, answer) = (house.identity.clone(), answer.clone());
        tasks.spawn(async move { identity.sign_in_with_passkey(&answer, origin(), None).await.err() });
    }
    let answers = tasks.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_none()).count(), 1, "{answers:?}");
    assert!(answers.into_iter().flatten().all(|error| error == IdentityError::SignInRefused));
}

#[test]
fn base64url_is_written_in_one_way_only() {
    for (bytes, text) in [(&b""[..], ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (b"foob", "Zm9vYg"), (&[0xfb, 0xff], "-_8")] {
        assert_eq!((encode(bytes).as_str(), decode(text).as_deref()), (text, Some(bytes)));
    }
    for wrong in ["Zg==", "Zh", "Zm9", "Z", "Zm8+", "Zm9vY", "Zg ", "ä"] {
        assert_eq!(decode(wrong), None, "{wrong}");
    }
}

#[test]
fn cbor_is_read_as_far_as_authenticators_write_it() {
    let map = [0xa2, 0x01, 0x20, 0x61, b'a', 0x82, 0xf5, 0x42, 1, 2];
    let read = whole(&map).unwrap();
    assert_eq!(read.at(1), Some(&Cbor::Int(-1)));
    assert_eq!(read.named("a"), Some(&Cbor::Array(vec![Cbor::Bool(true), Cbor::Bytes(&[1, 2])])));
    assert_eq!(whole(&[0x1b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), Some(Cbor::Int(i64::MAX)));
    let wrong: [&[u8]; 12] = [
        &[],
        &[0x5f, 0x41, 0, 0xff],                                  // no definite length
        &[0xc0, 0x00],                                           // a tag
        &[0xf9, 0, 0],                                           // a float
        &[0xa2, 1, 1, 1, 2],                                     // a key twice
        &[0x42, 0],                                              // cut short
        &[0x00, 0x00],                                           // more behind it
        &[0x61, 0xff],                                           // no UTF-8
        &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], // very many
        &[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], // beyond 63 bits
        &[0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0],    // deep
        &[0x1c],
    ];
    for bytes in wrong {
        assert_eq!(whole(bytes), None, "{bytes:?}");
    }
}

#[test]
fn nothing_that_is_cut_short_or_changed_stops_the_reader() {
    let device = Device::new(Device::es256(), 7);
    let made = device.make(&json!({ "challenge": "AAAA" }));
    let object = decode(made["response"]["attestationObject"].as_str().unwrap()).unwrap();
    let data = whole(&object).unwrap().named("authData").unwrap().bytes().unwrap();
    assert!(AuthenticatorData::read(data).is_some());
    for length in 0..data.len() {
        assert_eq!(AuthenticatorData::read(&data[..length]), None, "{length}");
    }
    for place in 0..data.len() {
        let mut changed = data.to_vec();
        changed[place] ^= 0xff;
        if let Some((_, key)) = AuthenticatorData::read(&changed).and_then(|said| said.credential) {
            PublicKey::read(key);
        }
    }
}

#[test]
fn whatever_comes_in_ends_and_what_is_written_is_read() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for round in 0..20_000 {
        let bytes: Vec<u8> = (0..next() % 96).map(|_| (next() >> 32) as u8).collect();
        assert_eq!(decode(&encode(&bytes)).as_ref(), Some(&bytes), "round {round}");
        let text = String::from_utf8_lossy(&bytes);
        assert!(decode(&text).is_none_or(|inner| encode(&inner) == text), "round {round}");
        if let Some((_, rest)) = identity::factor::passkey::cbor::read(&bytes) {
            assert!(rest.len() < bytes.len(), "round {round}");
        }
        PublicKey::read(&bytes);
        AuthenticatorData::read(&bytes);
    }
}

#[tokio::test]
async fn a_passkey_is_used_at_the_host_at_which_it_was_made() {
    let (house, main) = (house(), Device::new(Device::es256(), 7));
    let (begun, _) = with(&house, &main).await;
    let (id, origin_there) = ("north.example.net".to_owned(), "https://north.example.net".to_owned());
    let north = house.identity.at(Party::Other(Arc::new(RelyingParty { id: id.clone(), origins: vec![origin_there.clone()] })));
    assert!(north.takes_passkeys_of(&origin_there) && !north.takes_passkeys_of("https://ward.example.org"));
    let mut there = Device::new(Device::es256(), 9);
    (there.rp_id, there.origin) = (id.clone(), origin_there);
    let none = north.ask_for_passkey(&begun.token).await.err();
    assert_eq!(none, Some(IdentityError::FactorRefused), "the account has none there");
    let options = north.offer_passkey(&begun.token).await.unwrap();
    assert_eq!((&options["rp"]["id"], &options["excludeCredentials"]), (&json!(id), &json!([])));
    let wrong = north.take_passkey(&begun.token, "x", &Device::new(Device::es256(), 8).make(&options)).await.err();
    assert_eq!(wrong, Some(IdentityError::FactorRefused), "made at the main host");
    let options = north.offer_passkey(&begun.token).await.unwrap();
    let (begun, codes) = north.take_passkey(&begun.token, "there", &there.make(&options)).await.unwrap();
    assert!(codes.is_empty(), "it is not the first factor");
    let (mut main, mut there) = (main, there);
    for (at, own, id) in [(&house.identity, &mut main, "ward.example.org"), (&north, &mut there, &*id)] {
        let options = at.ask_for_passkey(&begun.token).await.unwrap();
        assert_eq!(
            (&options["rpId"], &options["allowCredentials"]),
            (&json!(id), &json!([{ "type": "public-key", "id": encode(&own.id) }]))
        );
        at.sign_in_with_passkey(&own.answer(&at.ask_for_any_passkey().await.unwrap()), origin(), None).await.unwrap();
    }
    // Where browsers make none, none is taken, of either.
    let nowhere = house.identity.at(Party::Nobody);
    assert!(!nowhere.takes_passkeys_of("https://ward.example.org"));
    for device in [&mut main, &mut there] {
        let answer = device.answer(&house.identity.ask_for_any_passkey().await.unwrap());
        assert_eq!(nowhere.sign_in_with_passkey(&answer, origin(), None).await.err(), Some(IdentityError::SignInRefused));
    }
    assert!(matches!(nowhere.ask_for_any_passkey().await, Err(IdentityError::WrongState(_))));
    // Each at the other host, as it is and with lies about where it was made.
    for (at, mut device, (id, origin_of)) in
        [(&house.identity, there, ("ward.example.org", "https://ward.example.org")), (&north, main, (&*id, "https://north.example.net"))]
    {
        for lies in [false, true] {
            if lies {
                (device.rp_id, device.origin) = (id.to_owned(), origin_of.to_owned());
            }
            let answer = device.answer(&at.ask_for_any_passkey().await.unwrap());
            let refused = at.sign_in_with_passkey(&answer, origin(), None).await.err();
            assert_eq!(refused, Some(IdentityError::SignInRefused), "{id} {lies}");
        }
    }
}
