//! Encrypted assertions: for which key, while it changes, and whether there has to be one. (What they have to be, the tests of `saml` say.)

use federation::FederationError;
use federation::provider::{Encryption, Protocol};
use fhir::primitive::base64::{PLAIN, decode, encode};

use crate::by_saml::{arrive, depart, provider, request_of};
use crate::house::{House, TENANT, begun, site, usual};
use crate::signer::{Sealed, Signer, assertion, response};

const DAY_S: i64 = 86_400;

/// The certificates in the metadata of this server: those by which it signs, and the one for which to encrypt.
pub async fn certificates(house: &House) -> (Vec<String>, Vec<String>) {
    let metadata = house.federation.metadata(&site(), "idp").await.expect("metadata");
    let of = |of: &str| {
        let keys = metadata.split("<md:KeyDescriptor use=\"").skip(1).filter(|key| key.starts_with(of));
        let certificate = |key: &str| Some(key.split_once("<ds:X509Certificate>")?.1.split_once('<')?.0.to_owned());
        keys.filter_map(certificate).collect()
    };
    (of("signing"), of("encryption"))
}

/// Goes to the provider, which encrypts for a certificate (`None`: sends it in clear), at the moment to which the clock was put.
async fn go(house: &House, signer: &Signer, certificate: Option<&str>, late_s: i64) -> Result<String, FederationError> {
    let departure = depart(house, "idp").await;
    let at = |text: String| {
        let days = 15 + late_s / DAY_S;
        text.replace("2027-01-15T", &if days > 31 { format!("2027-02-{:02}T", days - 31) } else { format!("2027-01-{days:02}T") })
    };
    let signed = signer.sign(&at(assertion("_a", "eve").replace("\"_q\"", &format!("\"{}\"", request_of(&departure)))), "_a");
    let content = certificate
        .map_or(signed.clone(), |certificate| Sealed::for_certificate(&signed, &decode(certificate, PLAIN).expect("base64"), true).text());
    let text = at(response("_r", &content)).replace("\"_q\"", &format!("\"{}\"", request_of(&departure)));
    house.federation.answered(&site(), "idp", &encode(text.as_bytes(), PLAIN)).await?;
    Ok(begun(arrive(house, "idp", &departure).await).user.login)
}

#[tokio::test]
async fn what_is_encrypted_for_the_key_in_the_metadata_is_taken_and_in_clear_as_long_as_it_may_be() {
    let signer = Signer::curve();
    let house = House::with(provider("idp", &signer)).await;
    let (signing, encryption) = certificates(&house).await;
    assert!(signing.len() == 1 && encryption.len() == 1 && signing != encryption);
    assert_eq!(certificates(&house).await, (signing, encryption.clone()), "they stay");
    assert_eq!(go(&house, &signer, Some(&encryption[0]), 0).await, Ok("eve".to_owned()));
    assert_eq!(go(&house, &signer, None, 0).await, Ok("eve".to_owned()));
    house.federation.encrypt(TENANT, "idp", Encryption::Required).await.expect("changed");
    assert_eq!(go(&house, &signer, Some(&encryption[0]), 0).await, Ok("eve".to_owned()));
    let clear = go(&house, &signer, None, 0).await.expect_err("refused");
    assert!(matches!(clear, FederationError::BadAnswer(rule) if rule.contains("in clear")), "{clear}");
    // What the provider says of itself does not change what is asked of it.
    let Protocol::Saml(said) = provider("idp", &signer).protocol else { panic!("SAML") };
    house.federation.renew(TENANT, "idp", said).await.expect("renewed");
    assert!(go(&house, &signer, None, 0).await.is_err());
    // Each provider has keys of its own.
    house.federation.add(provider("other", &signer), None).await.expect("a provider");
    let metadata = house.federation.metadata(&site(), "other").await.expect("metadata");
    assert!(!metadata.contains(&encryption[0]));
}

#[tokio::test]
async fn a_key_that_was_replaced_opens_until_its_end() {
    let signer = Signer::curve();
    let house = House::with(provider("idp", &signer)).await;
    let (old_signing, old) = certificates(&house).await;
    house.federation.rotate(TENANT, "idp", 2).await.expect("rotated");
    let (signing, new) = certificates(&house).await;
    assert!(new.len() == 1 && new != old, "the provider is told the new one alone");
    assert!(signing.len() == 2 && signing.contains(&old_signing[0]), "and both by which this server may sign");
    for certificate in [&old[0], &new[0]] {
        assert_eq!(go(&house, &signer, Some(certificate), 0).await, Ok("eve".to_owned()));
    }
    house.pass_s(2 * DAY_S);
    let refused = go(&house, &signer, Some(&old[0]), 2 * DAY_S).await.expect_err("refused");
    assert!(matches!(refused, FederationError::BadAnswer(rule) if rule.contains("cannot be opened")), "{refused}");
    assert_eq!(go(&house, &signer, Some(&new[0]), 2 * DAY_S).await, Ok("eve".to_owned()));
    assert_eq!(certificates(&house).await.0.len(), 1);
    // At once, for when somebody may know it.
    house.federation.rotate(TENANT, "idp", 0).await.expect("rotated");
    assert!(go(&house, &signer, Some(&new[0]), 2 * DAY_S).await.is_err());
    let (signing, newest) = certificates(&house).await;
    assert_eq!((signing.len(), newest.len()), (1, 1));
    assert_eq!(go(&house, &signer, Some(&newest[0]), 2 * DAY_S).await, Ok("eve".to_owned()));
    house.federation.add(usual("city", "https://city.example"), None).await.expect("a provider");
    assert_eq!(house.federation.rotate(TENANT, "city", 2).await, Err(FederationError::NoProvider));
    assert!(matches!(
        house.federation.encrypt(TENANT, "city", Encryption::Required).await,
        Err(FederationError::BadProvider { field: "encryption", .. })
    ));
}
