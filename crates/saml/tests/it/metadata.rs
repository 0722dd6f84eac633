//! What each side says of itself, and what is asked.

use std::io::Read;

use fhir::primitive::from_base64;
use saml::metadata::{Service, SignOut, of_provider};
use saml::request::Request;
use saml::xml::parse;

use crate::signer::{ACS, NOON_MS, SERVICE, Signer};

fn provider(certificate: &str, key_use: &str) -> String {
    format!(
        r#"<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://idp.example"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor{key_use}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>
        {certificate}
        </ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example/post"/><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso?a=1&amp;b=2"/></IDPSSODescriptor></EntityDescriptor>"#
    )
}

#[test]
fn a_provider_is_known_by_its_metadata() {
    let certificate = Signer::rsa().certificate;
    for key_use in ["", " use=\"signing\""] {
        let said = of_provider(provider(&certificate, key_use).as_bytes()).expect("understood");
        assert_eq!((said.entity_id.as_str(), said.sign_in.as_str()), ("https://idp.example", "https://idp.example/sso?a=1&b=2"));
        assert_eq!(said.certificates, [certificate.as_str()]);
    }
    let good = provider(&certificate, "");
    for (text, told) in [
        (provider(&certificate, " use=\"encryption\""), "no certificate"),
        (provider("AAAA", ""), "cannot be understood"),
        (good.replace("HTTP-Redirect", "HTTP-Artifact"), "HTTP-Redirect"),
        (good.replace("IDPSSODescriptor", "SPSSODescriptor"), "not that of one provider"),
        (good.replace("entityID", "entity"), "entityID"),
        (format!("<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">{good}</EntitiesDescriptor>"), "EntityDescriptor"),
    ] {
        assert!(of_provider(text.as_bytes()).expect_err("refused").0.contains(told), "{told}");
    }
}

#[test]
fn where_people_sign_out_is_known_by_redirect_rather_than_by_a_form() {
    let with = |services: &str| {
        let text = provider(&Signer::rsa().certificate, "").replace("</IDPSSODescriptor>", &format!("{services}</IDPSSODescriptor>"));
        of_provider(text.as_bytes()).expect("understood").sign_out
    };
    let service = |binding: &str, rest: &str| {
        format!(
            "<SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" Location=\"https://idp.example/{binding}\"{rest}/>"
        )
    };
    let (form, redirect) = (service("HTTP-POST", ""), service("HTTP-Redirect", " ResponseLocation=\"https://idp.example/done\""));
    let known = |by_form, address: &str, answers: Option<&str>| {
        Some(SignOut { by_form, address: address.to_owned(), answers: answers.map(str::to_owned) })
    };
    assert_eq!(with(&form), known(true, "https://idp.example/HTTP-POST", None));
    assert_eq!(with(&format!("{form}{redirect}")), known(false, "https://idp.example/HTTP-Redirect", Some("https://idp.example/done")));
    assert_eq!(with(&service("SOAP", "")), None);
}

#[test]
fn this_server_says_where_answers_come_to_and_for_which_key_to_encrypt() {
    let certificate = Signer::rsa().certificate;
    let service = Service {
        entity_id: "https://ward.example/a&b",
        answer_to: "https://ward.example/<acs>",
        sign_out: "https://ward.example/slo",
        signing: &["AAAA".to_owned(), "BBBB".to_owned()],
        encryption: &certificate,
    };
    let document = parse(service.text().as_bytes()).expect("XML");
    assert_eq!(document.attribute(document.root(), "entityID"), Some("https://ward.example/a&b"));
    let role = document.children(document.root()).next().expect("a role");
    let all: Vec<_> = document.children(role).collect();
    let told = |name| all.iter().filter_map(|place| document.attribute(*place, name)).collect::<Vec<_>>();
    assert_eq!(told("use"), ["signing", "signing", "encryption"]);
    assert_eq!(told("Location"), ["https://ward.example/slo", "https://ward.example/slo", "https://ward.example/<acs>"]);
    let text = service.text();
    let (_, encryption) = text.split_once("use=\"encryption\"").expect("a key");
    assert!(encryption.contains(&certificate) && !encryption.contains("cbc") && !encryption.contains("rsa-1_5"));
}

#[test]
fn a_request_says_who_asks_and_where_the_answer_is_to_go() {
    let request = Request { id: "_q", destination: "https://idp.example/sso?a=1&b=2", answer_to: ACS, entity_id: SERVICE, now_ms: NOON_MS };
    let deflated = from_base64(&request.encoded()).expect("base64");
    let mut text = String::new();
    flate2::read::DeflateDecoder::new(&deflated[..]).read_to_string(&mut text).expect("text");
    let document = parse(text.as_bytes()).expect("XML");
    let value = |name| document.attribute(document.root(), name);
    assert_eq!((value("ID"), value("Version"), value("IssueInstant")), (Some("_q"), Some("2.0"), Some("2027-01-15T08:00:00.000Z")));
    assert_eq!((value("Destination"), value("AssertionConsumerServiceURL")), (Some("https://idp.example/sso?a=1&b=2"), Some(ACS)));
    let issuer = document.children(document.root()).next().expect("an issuer");
    assert_eq!(document.text(issuer).as_deref(), Some(SERVICE));
}
