//! Encrypted assertions: the honest ones, and what somebody makes of them who has no key, or one of their own.

use std::sync::LazyLock;

use fhir::primitive::from_base64;
use saml::Refused;
use saml::encrypted::OpeningKey;
use saml::own::{Made, make};
use saml::response::Answer;

use crate::signer::{NOON_MS, SERVICE, Sealed, Signer, assertion, judged, opened, response};

const UNOPENED: &str =
    "the encrypted assertion cannot be opened: let the provider read this server's metadata anew, and encrypt for the key in it";

static OWN: LazyLock<Made> = LazyLock::new(|| make("ward.example", NOON_MS).expect("a key"));
static OLD: LazyLock<Made> = LazyLock::new(|| make("ward.example", NOON_MS).expect("a key"));

fn keys() -> Vec<OpeningKey> {
    [&*OWN, &*OLD].iter().map(|made| OpeningKey::of_pkcs8(&made.private).expect("a key")).collect()
}

fn told(text: &str, signer: &Signer) -> Result<Answer, &'static str> {
    opened(text, &[signer.key()], &keys(), true).map_err(|Refused(rule)| rule)
}

/// A response with a signed assertion about eve, encrypted, and altered.
fn altered(signer: &Signer, change: impl FnOnce(&mut Sealed)) -> String {
    let mut sealed = Sealed::new(&signer.sign(&assertion("_a", "eve"), "_a"), &OWN.private, true);
    change(&mut sealed);
    response("_r", &sealed.text())
}

#[test]
fn an_assertion_is_opened_and_judged_as_one_in_clear_is() {
    let signer = Signer::curve();
    let signed = signer.sign(&assertion("_a", "eve"), "_a");
    for is_new in [true, false] {
        for made in [&*OWN, &*OLD] {
            let inner = response("_r", &Sealed::new(&signed, &made.private, is_new).text());
            let outer = signer.sign(&response("_r", &Sealed::new(&assertion("_a", "eve"), &made.private, is_new).text()), "_r");
            for text in [signer.sign(&inner, "_r"), inner, outer] {
                let answer = told(&text, &signer).expect("accepted");
                assert_eq!((answer.name.value.as_str(), answer.attribute("uid")), ("eve", Some("eve")));
            }
        }
    }
    // What is taken out leaves its namespaces behind: they hold in it as they did around it.
    let bare = signed.replace(" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"", "");
    let text = response("_r", &Sealed::new(&bare, &OWN.private, true).text());
    assert_eq!(told(&text, &signer).expect("accepted").name.value, "eve");
    // The certificate is of the key.
    let certificate = from_base64(&OWN.certificate).expect("base64");
    let text = response("_r", &Sealed::for_certificate(&signed, &certificate, true).text());
    assert_eq!(told(&text, &signer).expect("accepted").name.value, "eve");
    // In clear it is refused where it has to be encrypted, and otherwise taken.
    let clear = response("_r", &signed);
    assert!(told(&clear, &signer).expect_err("refused").contains("in clear"));
    assert_eq!(judged(&clear, &[signer.key()]).expect("accepted").name.value, "eve");
}

#[test]
fn what_cannot_be_opened_is_told_by_one_answer() {
    let signer = Signer::curve();
    told(&altered(&signer, |_| ()), &signer).expect("the honest one");
    let stranger = make("other.example", NOON_MS).expect("a key");
    let with = |plain: &str| response("_r", &Sealed::new(plain, &OWN.private, true).text());
    let half = signer.sign(&assertion("_a", "eve"), "_a");
    for (name, text) in [
        ("for another key", response("_r", &Sealed::new(&half, &stranger.private, true).text())),
        ("a bit of the content", altered(&signer, |sealed| sealed.content[40] ^= 1)),
        ("a bit of the vector", altered(&signer, |sealed| sealed.content[0] ^= 1)),
        ("a bit of the tag", altered(&signer, |sealed| *sealed.content.last_mut().expect("a tag") ^= 1)),
        ("a bit of the key", altered(&signer, |sealed| sealed.wrapped[9] ^= 1)),
        ("a short content", altered(&signer, |sealed| sealed.content.truncate(5))),
        ("no content", altered(&signer, |sealed| sealed.content.clear())),
        ("a content without its end", altered(&signer, |sealed| sealed.content.truncate(sealed.content.len() - 1))),
        ("a short key", altered(&signer, |sealed| sealed.wrapped.truncate(sealed.wrapped.len() - 1))),
        ("a key of zeros", altered(&signer, |sealed| sealed.wrapped.fill(0))),
        ("a key of ones", altered(&signer, |sealed| sealed.wrapped.fill(0xff))),
        ("a key of another length", altered(&signer, |sealed| sealed.content_algorithm = sealed.content_algorithm.replace("256", "128"))),
        (
            "another mask",
            altered(&signer, |sealed| {
                sealed.key_parameters.clear();
                sealed.key_algorithm = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p".to_owned();
            }),
        ),
        ("no XML", with("ada")),
        ("nothing", with(" ")),
        ("XML that is not well-formed", with("<saml:Assertion>")),
        ("the end of what is around it", with("</><saml:Assertion/>")),
        ("a DOCTYPE", with(&format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{half}"))),
        ("two assertions", with(&format!("{half}{half}"))),
        ("a text beside", with(&format!("{half}x"))),
        ("something else", with("<saml:Advice/>")),
        ("a whole response", with(&response("_x", &half))),
        ("an assertion of no namespace", with("<Assertion/>")),
    ] {
        assert_eq!(told(&text, &signer).expect_err("refused"), UNOPENED, "{name}");
        assert_eq!(opened(&text, &[signer.key()], &[], true).expect_err("refused").0, UNOPENED, "{name}, without a key");
    }
}

#[test]
fn algorithms_that_tell_too_much_are_refused_by_name() {
    let signer = Signer::curve();
    for old in ["aes128-cbc", "aes256-cbc", "tripledes-cbc", "kw-aes128"] {
        let text = altered(&signer, |sealed| sealed.content_algorithm = format!("http://www.w3.org/2001/04/xmlenc#{old}"));
        assert!(told(&text, &signer).expect_err("refused").contains("set AES-GCM at the provider"), "{old}");
    }
    for old in ["xmlenc#rsa-1_5", "xmlenc#kw-aes256", "xmlenc#dh", ""] {
        let text = altered(&signer, |sealed| sealed.key_algorithm = format!("http://www.w3.org/2001/04/{old}"));
        assert!(told(&text, &signer).expect_err("refused").contains("set RSA-OAEP at the provider"), "{old}");
    }
    for (old, new) in [("mgf1sha256", "mgf1sha1"), ("xmlenc#sha256", "xmlenc#sha512"), ("mgf1sha256", "mgf1md5")] {
        let text = altered(&signer, |sealed| {
            assert!(sealed.key_parameters.contains(old));
            sealed.key_parameters = sealed.key_parameters.replace(old, new);
        });
        assert!(told(&text, &signer).expect_err("refused").contains("SHA-256 for both"), "{new}");
    }
    let text = altered(&signer, |sealed| sealed.key_parameters.push_str("<xenc:OAEPparams>AAAA</xenc:OAEPparams>"));
    assert!(told(&text, &signer).expect_err("refused").contains("OAEPparams"));
}

#[test]
fn a_key_may_stand_beside_and_there_is_one_for_this_server() {
    let signer = Signer::curve();
    let sealed = Sealed::new(&signer.sign(&assertion("_a", "eve"), "_a"), &OWN.private, true);
    let stranger = make("other.example", NOON_MS).expect("a key");
    let foreign = Sealed::new("x", &stranger.private, true).key(" Recipient=\"https://other.example\"");
    let all = |data: &str, beside: &str| response("_r", &format!("<saml:EncryptedAssertion>{data}{beside}</saml:EncryptedAssertion>"));
    let key = |attributes: &str| sealed.key(attributes);
    let leads = |rest: &str| sealed.data(&format!("<ds:RetrievalMethod {rest}/>"));
    let for_us = format!(" Id=\"_k\" Recipient=\"{SERVICE}\"");
    let of_type = "Type=\"http://www.w3.org/2001/04/xmlenc#EncryptedKey\"";
    let list = |uri: &str| {
        key(" Id=\"_k\"").replace(
            "</xenc:EncryptedKey>",
            &format!("<xenc:ReferenceList><xenc:DataReference URI=\"{uri}\"/></xenc:ReferenceList></xenc:EncryptedKey>"),
        )
    };
    for (name, text) in [
        ("beside", all(&sealed.data(""), &key(""))),
        ("beside, named", all(&leads(&format!("URI=\"#_k\" {of_type}")), &key(&for_us))),
        ("beside, with another's", all(&leads("URI=\"#_k\""), &format!("{foreign}{}", key(&for_us)))),
        ("within, with another's", all(&sealed.data(&format!("{foreign}{}", key(&for_us))), "")),
        ("with what it is for", all(&sealed.data(""), &list("#_d"))),
    ] {
        assert_eq!(told(&text, &signer).map(|answer| answer.name.value), Ok("eve".to_owned()), "{name}");
    }
    for (name, text, rule) in [
        ("for another", all(&sealed.data(&foreign), ""), "for another recipient"),
        ("our key for another", all(&sealed.data(&key(" Recipient=\"https://other.example\"")), ""), "for another recipient"),
        ("none", all(&sealed.data(""), ""), "brings no key"),
        ("two", all(&sealed.data(&key("")), &key(&for_us)), "several keys"),
        ("elsewhere", all(&leads("URI=\"https://evil.example/key\""), &key(&for_us)), "names another key"),
        ("a place without an id", all(&leads("URI=\"#\""), &key(" Id=\"\"")), "names another key"),
        (
            "another's",
            all(&leads("URI=\"#_x\""), &format!("{}{}", foreign.replacen(' ', " Id=\"_x\" ", 1), key(&for_us))),
            "names another key",
        ),
        (
            "of another type",
            all(&leads("URI=\"#_k\" Type=\"http://www.w3.org/2000/09/xmldsig#X509Data\""), &key(&for_us)),
            "names another key",
        ),
        (
            "with transforms",
            all(&sealed.data("<ds:RetrievalMethod URI=\"#_k\"><ds:Transforms/></ds:RetrievalMethod>"), &key(&for_us)),
            "names another key",
        ),
        ("for something else", all(&sealed.data(""), &list("#_r")), "for something else"),
        (
            "beside the assertion",
            all(&sealed.data(""), "").replace("</samlp:Response>", &format!("{}</samlp:Response>", key(""))),
            "elsewhere",
        ),
        ("two contents", all(&format!("{0}{0}", sealed.data(&key(""))).replacen("_d", "_e", 1), ""), "lacks a part"),
        ("another type", all(&sealed.data(&key("")).replace("#Element", "#Content"), ""), "not one whole assertion"),
        (
            "a reference",
            all(&sealed.data(&key("")), "")
                .replace("<xenc:CipherValue>", "<xenc:CipherReference URI=\"https://evil.example/\"/><xenc:CipherValue>"),
            "CipherReference",
        ),
    ] {
        assert!(told(&text, &signer).expect_err(name).contains(rule), "{name}: {:?}", told(&text, &signer));
    }
}

#[test]
fn encryption_is_no_signature_and_hides_nothing_that_would_be_refused() {
    let signer = Signer::curve();
    let sealed = |plain: &str| Sealed::new(plain, &OWN.private, true).text();
    let eve = signer.sign(&assertion("_a", "eve"), "_a");
    let evil = assertion("_evil", "root");
    let of_mallory = Signer::curve().sign(&evil, "_evil");
    let within = |around: &str, put: &str| around.replace("</saml:Assertion>", &format!("{put}</saml:Assertion>"));
    let wrapped = signer
        .signature(&assertion("_a", "eve"), "_a", |info| info)
        .replace("</ds:Signature>", &format!("{}</ds:Signature>", assertion("_a", "eve")));
    let response_of = |content: &str| response("_r", content);
    for (name, text) in [
        ("anybody may encrypt", response_of(&sealed(&evil))),
        ("signed by another", response_of(&sealed(&of_mallory))),
        ("beside a signed one in clear", response_of(&format!("{eve}{}", sealed(&evil)))),
        ("before a signed one in clear", response_of(&format!("{}{eve}", sealed(&evil)))),
        ("two", response_of(&format!("{}{}", sealed(&eve), sealed(&evil)))),
        ("two, the other way round", response_of(&format!("{}{}", sealed(&evil), sealed(&eve)))),
        ("a genuine one beside one in clear", response_of(&format!("{evil}{}", sealed(&eve)))),
        ("a genuine one before one in clear", response_of(&format!("{}{evil}", sealed(&eve)))),
        ("in extensions", response_of(&format!("<samlp:Extensions>{}</samlp:Extensions>", sealed(&eve)))),
        ("one around the signed one", response_of(&sealed(&within(&evil, &eve)))),
        ("one around a sealed one", response_of(&sealed(&within(&evil, &sealed(&eve))))),
        (
            "the signed one in its signature in another",
            response_of(&sealed(&evil.replacen("</saml:Issuer>", &format!("</saml:Issuer>{wrapped}"), 1))),
        ),
        ("a signature that was about the whole response", {
            let signed = signer.sign(&response_of(&sealed(&assertion("_a", "eve"))), "_r");
            let (start, end) = (signed.find("<saml:EncryptedAssertion>").expect("it"), signed.find("</samlp:Response>").expect("its end"));
            format!("{}{}{}", &signed[..start], sealed(&evil), &signed[end..])
        }),
        ("a response that is inside", response_of(&sealed(&signer.sign(&response("_x", &eve), "_x")))),
        ("the id of what is around it", response("_a", &sealed(&eve))),
        (
            "a name that is encrypted alone",
            response_of(&sealed(
                &signer.sign(&assertion("_a", "eve").replace("<saml:NameID>eve</saml:NameID>", "<saml:EncryptedID/>"), "_a"),
            )),
        ),
    ] {
        assert!(told(&text, &signer).is_err(), "{name}: {:?}", told(&text, &signer));
    }
    let altered = signer.sign(&response_of(&sealed(&eve)), "_r").replacen("<xenc:CipherValue>A", "<xenc:CipherValue>B", 1).replace(
        "Version=\"2.0\" IssueInstant=\"2027-01-15T08:00:00Z\" Dest",
        "Version=\"2.0\" IssueInstant=\"2027-01-15T08:00:01Z\" Dest",
    );
    assert_eq!(
        told(&altered, &signer).expect_err("refused"),
        "what is signed was altered",
        "the response is judged before anything is opened"
    );
}
