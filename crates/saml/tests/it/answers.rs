//! Answers: the honest ones, and those that are right but for one thing.

use saml::certificate::Key;
use saml::response::is_refusal;

use crate::signer::{ACS, SERVICE, Signer, assertion, judged, response};

#[test]
fn an_answer_says_who_it_is_however_it_is_signed() {
    for signer in [Signer::rsa(), Signer::curve()] {
        let keys = [Signer::curve().key(), signer.key()];
        let bare = response("_r", &assertion("_a", "ada"));
        let of_assertion = signer.sign(&bare, "_a");
        let both = signer.sign(&of_assertion, "_r");
        for text in [of_assertion, signer.sign(&bare, "_r"), both] {
            let answer = judged(&text, &keys).expect("accepted");
            assert_eq!((answer.name.value.as_str(), answer.in_response_to.as_str()), ("ada", "_q"));
            assert_eq!((answer.attribute("uid"), answer.attribute("mail")), (Some("ada"), None));
            assert_eq!(answer.methods, ["urn:example:otp"]);
        }
    }
}

#[test]
fn blanks_line_ends_and_comments_between_do_not_matter_when_they_were_there_at_signing() {
    let signer = Signer::curve();
    let text = response("_r", &assertion("_a", "ad<!-- x -->a")).replace("<saml:Subject>", "\r\n  <saml:Subject>\t");
    let answer = judged(&signer.sign(&text, "_a"), &[signer.key()]).expect("accepted");
    assert_eq!(answer.name.value, "ada", "a comment cuts no name short");
    // One that comes in later is no part of what is signed, nor of what is read.
    let later =
        signer.sign(&response("_r", &assertion("_a", "ada.evil")), "_a").replace("ada.evil</saml:NameID>", "ada<!---->.evil</saml:NameID>");
    assert_eq!(judged(&later, &[signer.key()]).expect("accepted").name.value, "ada.evil");
}

#[test]
fn what_was_altered_after_signing_is_refused() {
    let signer = Signer::curve();
    let honest = signer.sign(&response("_r", &assertion("_a", "ada")), "_a");
    judged(&honest, &[signer.key()]).expect("the honest one");
    for (old, new) in [("ada</saml:NameID>", "eve</saml:NameID>"), ("<saml:Subject>", "<saml:Subject> "), ("Name=\"uid\"", "Name=\"UID\"")]
    {
        assert!(honest.contains(old));
        assert_eq!(judged(&honest.replacen(old, new, 1), &[signer.key()]).map_err(|refused| refused.0), Err("what is signed was altered"));
    }
    let digest = honest.replacen("<ds:DigestValue>", "<ds:DigestValue>AAAA", 1);
    assert_eq!(judged(&digest, &[signer.key()]).map_err(|refused| refused.0), Err("what is signed was altered"));
    let by_another = judged(&honest, &[Signer::curve().key(), Signer::rsa().key()]);
    assert!(by_another.expect_err("refused").0.contains("none of the provider's keys"));
    assert!(judged(&honest, &[]).is_err());
}

#[test]
fn what_says_something_else_is_refused_however_well_it_is_signed() {
    let signer = Signer::curve();
    let honest = response("_r", &assertion("_a", "ada"));
    for (old, new, told) in [
        (
            "<saml:Issuer>https://idp.example</saml:Issuer><saml:Subject>",
            "<saml:Issuer>https://evil.example</saml:Issuer><saml:Subject>",
            "the assertion is of another provider",
        ),
        (
            "<saml:Issuer>https://idp.example</saml:Issuer><samlp:",
            "<saml:Issuer>https://evil.example</saml:Issuer><samlp:",
            "it is of another provider",
        ),
        (SERVICE, "https://other.example", "the assertion is for another audience"),
        (
            "<saml:AudienceRestriction>",
            "<saml:AudienceRestriction><saml:Audience>x</saml:Audience></saml:AudienceRestriction><saml:AudienceRestriction>",
            "the assertion is for another audience",
        ),
        (
            "<saml:AudienceRestriction>",
            "<saml:Condition/><saml:AudienceRestriction>",
            "the assertion has a condition that is not understood",
        ),
        (&format!("Recipient=\"{ACS}\""), "Recipient=\"https://ward.example/\"", "the assertion is meant for another address"),
        (&format!("Destination=\"{ACS}\""), "Destination=\"https://ward.example/\"", "it is meant for another address"),
        (
            "SubjectConfirmationData NotOnOrAfter=\"2027-01-15T08:05",
            "SubjectConfirmationData NotOnOrAfter=\"2027-01-15T07:58",
            "the confirmation of the subject has ended",
        ),
        (
            "SubjectConfirmationData NotOnOrAfter=\"2027-01-15T08:05:00Z\"",
            "SubjectConfirmationData",
            "the confirmation of the subject has ended",
        ),
        (
            "SubjectConfirmationData NotOnOrAfter=\"2027-01-15T08:05:00Z\"",
            "SubjectConfirmationData NotOnOrAfter=\"2027-01-15T08:05:00\"",
            "the confirmation of the subject has ended",
        ),
        ("cm:bearer", "cm:sender-vouches", "the subject is not confirmed as a bearer"),
        ("InResponseTo=\"_q\"/>", "/>", "the assertion answers no request: signing in begins here"),
        ("InResponseTo=\"_q\"/>", "InResponseTo=\"_p\"/>", "it answers another request than what is in it"),
        (
            "NotBefore=\"2027-01-15T08:00:00Z\" NotOnOrAfter=\"2027-01-15T08:05",
            "NotBefore=\"2027-01-15T07:00:00Z\" NotOnOrAfter=\"2027-01-15T07:58",
            "the assertion has ended",
        ),
        ("NotBefore=\"2027-01-15T08:00", "NotBefore=\"2027-01-15T08:02", "the assertion is to come"),
        ("NotBefore=\"2027-01-15T08:00:00Z\"", "NotBefore=\"soon\"", "a condition has no time that can be read"),
        (
            "IssueInstant=\"2027-01-15T08:00:00Z\"><saml:Issuer>https://idp.example</saml:Issuer><saml:Subject>",
            "IssueInstant=\"2027-01-15T07:00:00Z\"><saml:Issuer>https://idp.example</saml:Issuer><saml:Subject>",
            "the assertion was made long ago, or is to come",
        ),
        (
            "<saml:NameID>",
            "<saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:transient\">",
            "the NameID is transient: let the provider send one that stays the same, such as a persistent one",
        ),
        ("<saml:NameID>ada</saml:NameID>", "<saml:NameID></saml:NameID>", "the NameID is empty"),
        ("<saml:NameID>ada</saml:NameID>", "<saml:NameID>a</saml:NameID><saml:NameID>b</saml:NameID>", "the subject has no NameID"),
        ("status:Success", "status:Requester", "the provider did not sign anybody in"),
        (
            "<saml:AuthnStatement AuthnInstant=\"2027-01-15T08:00:00Z\">",
            "<saml:AuthnStatement SessionNotOnOrAfter=\"2027-01-15T07:58:00Z\">",
            "the session at the provider has ended",
        ),
        ("AuthnStatement", "AuthnSaying", "the assertion does not say that somebody signed in"),
        (
            "Version=\"2.0\" IssueInstant=\"2027-01-15T08:00:00Z\"><saml:Issuer>",
            "Version=\"1.1\" IssueInstant=\"2027-01-15T08:00:00Z\"><saml:Issuer>",
            "the assertion is of another version than 2.0",
        ),
    ] {
        assert!(honest.contains(old), "{old}");
        let replaced = honest.replace(old, new);
        let text = signer.sign(&signer.sign(&replaced, "_a"), "_r");
        assert_eq!(judged(&text, &[signer.key()]).map_err(|refused| refused.0), Err(told), "{new}");
    }
}

#[test]
fn signatures_of_other_forms_are_refused() {
    let signer = Signer::curve();
    let honest = response("_r", &assertion("_a", "ada"));
    for (old, new) in [
        ("<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>", ""),
        ("xmldsig#enveloped-signature", "xmldsig#base64"),
        ("</ds:Transforms>", "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"></ds:Transform></ds:Transforms>"),
        (
            "CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"",
            "CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"",
        ),
        (
            "CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"",
            "CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#WithComments\"",
        ),
        ("xmlenc#sha256", "xmldsig#sha1"),
        ("ecdsa-sha256", "hmac-sha256"),
        ("ecdsa-sha256", "rsa-sha256"),
        ("URI=\"#_a\"", "URI=\"\""),
        ("URI=\"#_a\"", "URI=\"#_r\""),
        ("URI=\"#_a\"", "URI=\"#xpointer(id('_a'))\""),
        ("URI=\"#_a\"", "URI=\"https://evil.example/\""),
        ("</ds:Reference>", "</ds:Reference><ds:Reference URI=\"#_r\"></ds:Reference>"),
    ] {
        let text = signer.sign_as(&honest, "_a", |info| {
            assert!(info.contains(old), "{old}");
            info.replace(old, new)
        });
        assert!(judged(&text, &[signer.key()]).is_err(), "{new}");
    }
    let twice = signer.sign(&signer.sign(&honest, "_a"), "_a");
    assert!(judged(&twice, &[signer.key()]).is_err());
    // The certificate that comes along is nobody's word.
    let evil = Signer::curve();
    let key_info = format!(
        "</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>",
        evil.certificate
    );
    let own_key = evil.sign(&honest, "_a").replace("</ds:SignatureValue>", &key_info);
    assert!(judged(&own_key, &[signer.key()]).is_err());
    judged(&signer.sign(&honest, "_a").replace("</ds:SignatureValue>", &key_info), &[signer.key()]).expect("it is passed over");
}

#[test]
fn unsigned_and_failed_answers_are_refused_and_told_apart() {
    let signer = Signer::curve();
    let unsigned = judged(&response("_r", &assertion("_a", "ada")), &[signer.key()]);
    assert_eq!(unsigned.map_err(|refused| refused.0), Err("neither the assertion nor the response is signed"));
    let failed = response("_r", "").replace("status:Success", "status:AuthnFailed");
    assert!(is_refusal(failed.as_bytes()) && !is_refusal(response("_r", "").as_bytes()) && !is_refusal(b"<x/>"));
}

#[test]
fn a_certificate_that_is_none_is_refused_without_ado() {
    let good = Signer::rsa().certificate;
    assert!(Key::of_certificate(&format!("-----BEGIN CERTIFICATE-----\n{good}\n-----END CERTIFICATE-----\n")).is_ok());
    let bytes = fhir::primitive::from_base64(&good).expect("bytes");
    // Cut at each place, and with each byte of its head turned round.
    for end in 0..bytes.len().min(600) {
        let _ = Key::of_certificate(&fhir::primitive::base64::encode(&bytes[..end], fhir::primitive::base64::PLAIN)).map(drop);
        let mut turned = bytes.clone();
        turned[end] = !turned[end];
        let _ = Key::of_certificate(&fhir::primitive::base64::encode(&turned, fhir::primitive::base64::PLAIN)).map(drop);
    }
    for wrong in ["", "AAAA", "not base64!", "MAA="] {
        assert!(Key::of_certificate(wrong).is_err(), "{wrong}");
    }
}
