//! SAML providers: assertions encrypted by whoever reads the metadata, wrapped, put beside others or altered bit by bit, and messages about signing out that are forged, old, another's or come again.

use fhir::primitive::base64::{PLAIN, decode, encode};
use fhir::primitive::instant_text;
use saml::binding::{Kind, Message};
use saml::own::SigningKey;

use crate::attacks::browser::Browser;
use crate::attacks::house::{House, Prepared, encoded};
use crate::attacks::signer::{Sealed, Signer, assertion, logout_request, response};
use crate::http::Answer;
use crate::process::run_well;

/// A house whose people sign in with a provider that is asked to encrypt, and for which key.
struct Clinic {
    house: House,
    signer: Signer,
    /// The certificate in the metadata of the house, in DER.
    certificate: Vec<u8>,
}

impl Clinic {
    fn open(encryption: &str) -> Self {
        let prepared = Prepared::new().usual_people();
        let signer = Signer::rsa();
        let metadata = format!(
            r#"<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>{}</X509Certificate></X509Data></KeyInfo></KeyDescriptor><SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/slo"/><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso"/></IDPSSODescriptor></EntityDescriptor>"#,
            signer.certificate
        );
        std::fs::write(prepared.folder().join("idp.xml"), metadata).expect("written");
        for slug in ["idp", "other"] {
            let add = ["provider", "add-saml", slug, "--name", "Clinic of the city", "--metadata", "idp.xml", "--encryption", encryption];
            run_well(prepared.folder(), &[&add[..], &["--newcomers", "--newcomer-role", "nurse"]].concat());
        }
        let house = prepared.open(&[]);
        let metadata = house.server.get("/auth/outside/idp/metadata");
        let text = String::from_utf8(metadata.body).expect("text");
        let of_encryption = text.split_once("use=\"encryption\"").expect("a key").1;
        let certificate = of_encryption.split_once("<ds:X509Certificate>").expect("a certificate").1.split('<').next().expect("its end");
        let certificate = decode(certificate, PLAIN).expect("base64");
        Self { house, signer, certificate }
    }

    /// A text of the tests of `saml`, for this house, now.
    fn now(&self, text: &str) -> String {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time").as_millis();
        let now = i64::try_from(now).expect("a time");
        let text = text.replace("2027-01-15T08:00:00Z", &instant_text(now)).replace("2027-01-15T08:05:00Z", &instant_text(now + 300_000));
        text.replace("https://ward.example", &self.house.origin())
    }

    /// Somebody who is on the way to the provider, and the id of their request.
    fn depart(&self) -> (Browser, String) {
        let mut browser = self.house.browser();
        let sent = browser.get("/auth/outside/idp");
        let request = sent.parameter("SAMLRequest").expect("a request");
        let mut text = String::new();
        let deflated = decode(&request, PLAIN).expect("base64");
        std::io::Read::read_to_string(&mut flate2::read::DeflateDecoder::new(&deflated[..]), &mut text).expect("text");
        let id = text.split_once(" ID=\"").and_then(|(_, rest)| rest.split('"').next()).expect("an id").to_owned();
        (browser, id)
    }

    /// An assertion about somebody, signed by the provider.
    fn signed(&self, id: &str, name: &str, request: &str) -> String {
        self.signer.sign(&self.unsigned(id, name, request), id)
    }

    fn unsigned(&self, id: &str, name: &str, request: &str) -> String {
        let text = assertion(id, name).replace("<saml:AuthnStatement ", "<saml:AuthnStatement SessionIndex=\"s-1\" ");
        self.now(&text).replace("\"_q\"", &format!("\"{request}\""))
    }

    fn sealed(&self, text: &str) -> Sealed {
        Sealed::for_certificate(text, &self.certificate, true)
    }

    fn response(&self, content: &str, request: &str) -> String {
        self.now(&response("_r", content)).replace("\"_q\"", &format!("\"{request}\""))
    }

    fn answer(&self, text: &str) -> Answer {
        self.house.form("/auth/outside/idp/acs", &[("SAMLResponse", &encode(text.as_bytes(), PLAIN))])
    }

    /// Signs somebody in, as the provider does.
    fn sign_in(&self, name: &str) -> Browser {
        let (mut browser, request) = self.depart();
        let text = self.response(&self.sealed(&self.signed("_a", name, &request)).text(), &request);
        let answer = self.answer(&text);
        assert_eq!(answer.status, 303, "{}", text_of(&answer));
        let arrived = browser.get("/auth/outside/idp/finish");
        assert_eq!(arrived.status, 303, "{}", arrived.text);
        browser
    }

    fn slo(&self, slug: &str) -> String {
        format!("{}/auth/outside/{slug}/slo", self.house.origin())
    }

    fn asks(&self, text: &str) -> Answer {
        self.house.form("/auth/outside/idp/slo", &[("SAMLRequest", &encode(text.as_bytes(), PLAIN))])
    }
}

fn text_of(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

fn is_in(browser: &mut Browser) -> bool {
    browser.get("/auth/sessions").status == 200
}

#[test]
fn only_what_the_provider_has_signed_signs_anybody_in() {
    let clinic = Clinic::open("required");
    let (mut browser, request) = clinic.depart();
    let eve = clinic.signed("_a", "eve", &request);
    let evil = clinic.unsigned("_evil", "root", &request);
    let sealed = |text: &str| clinic.sealed(text).text();
    let of_stranger = Signer::rsa().sign(&evil, "_evil");
    let wrapped = evil.replace("</saml:Assertion>", &format!("<saml:Advice>{eve}</saml:Advice></saml:Assertion>"));
    let foreign = clinic.sealed(&eve);
    let foreign = format!(
        "<saml:EncryptedAssertion>{}</saml:EncryptedAssertion>",
        foreign.data(&foreign.key(" Recipient=\"https://other.example\""))
    );
    let swapped = {
        let signed = clinic.signer.sign(&clinic.response(&sealed(&clinic.unsigned("_a", "eve", &request)), &request), "_r");
        let (start, end) = (signed.find("<saml:EncryptedAssertion>").expect("it"), signed.find("</samlp:Response>").expect("its end"));
        format!("{}{}{}", &signed[..start], sealed(&evil), &signed[end..])
    };
    for (name, content) in [
        ("unsigned", sealed(&evil)),
        ("signed by a stranger", sealed(&of_stranger)),
        ("in clear", eve.clone()),
        ("beside one in clear", format!("{}{eve}", sealed(&evil))),
        ("after one in clear", format!("{eve}{}", sealed(&evil))),
        ("two", format!("{}{}", sealed(&eve), sealed(&evil))),
        ("around the signed one", sealed(&wrapped)),
        ("for another", foreign),
    ] {
        let answer = clinic.answer(&clinic.response(&content, &request));
        assert!(answer.status == 403 && text_of(&answer).contains("WARD-1444"), "{name}: {} {}", answer.status, text_of(&answer));
    }
    assert_eq!(clinic.answer(&swapped).status, 403, "another in a signed response");
    // After all of it the honest one is taken, once.
    let honest = clinic.response(&sealed(&eve), &request);
    assert_eq!(clinic.answer(&honest).status, 303);
    assert_eq!(clinic.answer(&honest).status, 409, "again");
    assert_eq!(browser.get("/auth/outside/idp/finish").status, 303);
    assert!(is_in(&mut browser));
    assert_eq!(clinic.answer(&honest).status, 409, "later");
}

#[test]
fn nobody_learns_how_far_a_decryption_came() {
    let clinic = Clinic::open("wanted");
    let (_, request) = clinic.depart();
    let signed = clinic.signed("_a", "eve", &request);
    let altered = |change: &dyn Fn(&mut Sealed)| {
        let mut sealed = clinic.sealed(&signed);
        change(&mut sealed);
        let answer = clinic.answer(&clinic.response(&sealed.text(), &request));
        (answer.status, text_of(&answer))
    };
    let of_key = altered(&|sealed| sealed.wrapped[0] ^= 1);
    assert!(of_key.0 == 403 && of_key.1.contains("cannot be opened"), "{}", of_key.1);
    let plain = |text: &str| {
        let answer = clinic.answer(&clinic.response(&clinic.sealed(text).text(), &request));
        (answer.status, text_of(&answer))
    };
    for (name, answer) in [
        ("the key, elsewhere", altered(&|sealed| sealed.wrapped[100] ^= 0x80)),
        ("a key of zeros", altered(&|sealed| sealed.wrapped.fill(0))),
        ("a key of another length", altered(&|sealed| sealed.wrapped.truncate(100))),
        ("another length of content key", altered(&|sealed| sealed.content_algorithm = sealed.content_algorithm.replace("256", "128"))),
        ("the vector", altered(&|sealed| sealed.content[0] ^= 1)),
        ("the content", altered(&|sealed| sealed.content[50] ^= 1)),
        ("the tag", altered(&|sealed| *sealed.content.last_mut().expect("a tag") ^= 1)),
        ("no content", altered(&|sealed| sealed.content.clear())),
        ("no XML", plain("x")),
        ("no assertion", plain("<x/>")),
        ("a DOCTYPE", plain("<!DOCTYPE x><x/>")),
    ] {
        assert_eq!(answer, of_key, "{name}");
    }
    let (status, text) = altered(&|sealed| sealed.content_algorithm = "http://www.w3.org/2001/04/xmlenc#aes256-cbc".to_owned());
    assert!(status == 403 && text.contains("set AES-GCM at the provider"), "{text}");
    let (status, text) = altered(&|sealed| sealed.key_algorithm = "http://www.w3.org/2001/04/xmlenc#rsa-1_5".to_owned());
    assert!(status == 403 && text.contains("set RSA-OAEP at the provider"), "{text}");
}

#[test]
fn nobody_but_the_provider_signs_anybody_out_and_it_does_so_once() {
    let clinic = Clinic::open("wanted");
    let (mut eve, mut ada) = (clinic.sign_in("eve"), clinic.sign_in("ada"));
    let asked = |id: &str, slug: &str, name: &str, sessions: &[&str]| {
        clinic
            .now(&logout_request(id, "https://ward.example/x", name, sessions))
            .replace(&format!("{}/x", clinic.house.origin()), &clinic.slo(slug))
    };
    let honest = asked("_1", "idp", "eve", &["s-1"]);
    let sign = |text: &str| clinic.signer.sign(text, "_1");
    for (name, text) in [
        ("unsigned", honest.clone()),
        ("of a stranger", Signer::rsa().sign(&honest, "_1")),
        ("altered", sign(&honest.replace(">eve<", ">ada<")).replace(">ada<", ">eve<")),
        ("for another provider's address", sign(&asked("_1", "other", "eve", &["s-1"]))),
        ("for no address", sign(&honest.replace(&format!(" Destination=\"{}\"", clinic.slo("idp")), ""))),
        ("of another provider", sign(&honest.replace("https://idp.example", "https://evil.example"))),
        ("ended", sign(&honest.replace("NotOnOrAfter=\"20", "NotOnOrAfter=\"19"))),
        ("old", sign(&honest.replace("IssueInstant=\"20", "IssueInstant=\"19"))),
        ("an assertion", clinic.signed("_a", "eve", "_1")),
        ("a bomb", "<".repeat(30_000)),
    ] {
        let answer = clinic.asks(&text);
        assert!(answer.status == 403 && text_of(&answer).contains("WARD-1447"), "{name}: {} {}", answer.status, text_of(&answer));
    }
    // By an address: without a signature, and with one of a stranger.
    let key = saml::own::make("evil.example", 1_800_000_000_000).expect("a key");
    let key = SigningKey::of_pkcs8(&key.private).expect("a key");
    let address = Message { kind: Kind::Request, id: "_1", text: &honest, state: None }.address("", &key).expect("signed");
    let unsigned = address.split("&SigAlg").next().expect("the message");
    for query in [&*address, unsigned, "?SAMLRequest=%zz", "?SAMLRequest=AAAA&SAMLResponse=AAAA", "?"] {
        let answer = clinic.house.server.get(&format!("/auth/outside/idp/slo{query}"));
        assert!(answer.status == 403 && text_of(&answer).contains("WARD-1447"), "{query}: {}", answer.status);
    }
    assert!(clinic.asks(&sign(&asked("_1", "idp", "eve", &["s-9"]))).status == 303, "it is of another session");
    assert!(is_in(&mut eve) && is_in(&mut ada));
    let honest = clinic.signer.sign(&asked("_2", "idp", "eve", &["s-1"]), "_2");
    let answer = clinic.asks(&honest);
    assert_eq!(answer.status, 303, "{}", text_of(&answer));
    assert!(answer.header("location").starts_with("https://idp.example/slo?SAMLResponse="), "{}", answer.header("location"));
    assert!(!is_in(&mut eve) && is_in(&mut ada));
    let mut again = clinic.sign_in("eve");
    assert_eq!(clinic.asks(&honest).status, 403, "it has come before");
    assert!(is_in(&mut again));
    // An answer to what nobody asked; and it tells nobody out either.
    let unasked = clinic.now(&crate::attacks::signer::logout_response("_p", "https://ward.example/auth/outside/idp/slo", "_made-up"));
    let sent = encoded(&[("SAMLResponse", &encode(clinic.signer.sign(&unasked, "_p").as_bytes(), PLAIN))]);
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    assert_eq!(clinic.house.server.send("POST", "/auth/outside/idp/slo", &form, sent.as_bytes()).status, 403);
    assert!(is_in(&mut again) && is_in(&mut ada));
    // The trail names the provider by whom they came, at the begin and at the end.
    let token = clinic.house.token(&[]);
    for (subtype, most) in [("110122", 3), ("110123", 1)] {
        let count = || {
            let found = clinic.house.get(&token, &format!("/fhir/AuditEvent?subtype={subtype}&_count=100"));
            text_of(&found).matches("Clinic of the city").count()
        };
        for _ in 0..300 {
            if count() >= most {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        assert_eq!(count(), most, "{subtype}");
    }
}
