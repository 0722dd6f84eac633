//! Signing out at both places: what is asked and answered, in both directions and by both ways.

use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use fhir::primitive::base64::{PLAIN, encode};
use saml::Refused;
use saml::binding::{Kind, Message, Received, posted, redirected};
use saml::certificate::Key;
use saml::logout::{Answered, Asked, Expected, Request, Response, read_request, read_response};
use saml::name::Name;
use saml::own::{Made, SigningKey, make};

use crate::signer::{NOON_MS, PROVIDER, SERVICE, Signer, logout_request, logout_response};

const SLO: &str = "https://ward.example/auth/outside/idp/slo";

static OWN: LazyLock<Made> = LazyLock::new(|| make("ward.example", NOON_MS).expect("a key"));

fn key() -> SigningKey {
    SigningKey::of_pkcs8(&OWN.private).expect("a key")
}

fn keys() -> Vec<Key> {
    vec![Key::of_certificate(&OWN.certificate).expect("a certificate")]
}

fn expected<'a>(keys: &'a [Key], provider: &'a str) -> Expected<'a> {
    Expected { provider, keys, destination: SLO, now_ms: NOON_MS }
}

fn by_form(kind: Kind, text: &str) -> Received {
    posted(kind, &encode(text.as_bytes(), PLAIN), Some("kept")).expect("read")
}

fn asked(text: &str, signer: &Signer) -> Result<Asked, &'static str> {
    read_request(&by_form(Kind::Request, text), &expected(&[signer.key()], PROVIDER)).map_err(|Refused(rule)| rule)
}

fn answered(text: &str, signer: &Signer) -> Result<Answered, &'static str> {
    read_response(&by_form(Kind::Response, text), &expected(&[signer.key()], PROVIDER)).map_err(|Refused(rule)| rule)
}

#[test]
fn what_this_server_sends_is_what_it_would_take() {
    let name = Name {
        value: "a<b>&\"c\"".to_owned(),
        format: Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".to_owned()),
        qualifier: Some("https://idp.example".to_owned()),
        service_qualifier: None,
    };
    let sessions = ["s-1".to_owned(), "s&2".to_owned()];
    let request = Request { id: "_q", destination: SLO, entity_id: SERVICE, name: &name, sessions: &sessions, now_ms: NOON_MS }.text();
    let response = Response { id: "_p", destination: SLO, entity_id: SERVICE, in_response_to: "_q", now_ms: NOON_MS }.text();
    let messages = [
        Message { kind: Kind::Request, id: "_q", text: &request, state: Some("a b+c/ü") },
        Message { kind: Kind::Response, id: "_p", text: &response, state: Some("a b+c/ü") },
    ];
    for message in messages {
        let address = message.address("https://other.example/slo?x=1", &key()).expect("signed");
        let query = address.strip_prefix("https://other.example/slo?x=1&").expect("the address");
        let fields = message.fields(&key()).expect("signed");
        assert_eq!(fields[1], ("RelayState", "a b+c/ü".to_owned()));
        for received in [redirected(query, &keys()).expect("read"), posted(message.kind, &fields[0].1, Some("a b+c/ü")).expect("read")] {
            assert_eq!((received.kind, received.state.as_deref()), (message.kind, Some("a b+c/ü")));
            let keys = keys();
            let expected = expected(&keys, SERVICE);
            match message.kind {
                Kind::Request => {
                    let asked = read_request(&received, &expected).expect("taken");
                    assert_eq!((asked.id.as_str(), &asked.name, &asked.sessions[..]), ("_q", &name, &sessions[..]));
                }
                Kind::Response => {
                    let answered = read_response(&received, &expected).expect("taken");
                    assert_eq!(answered, Answered { in_response_to: "_q".to_owned(), is_done: true });
                }
            }
        }
    }
}

#[test]
fn a_query_is_signed_as_it_stands() {
    let text = logout_request("_l", SLO, "eve", &["s"]);
    let address =
        Message { kind: Kind::Request, id: "_l", text: &text, state: Some("x") }.address("https://w.example/", &key()).expect("signed");
    let query = address.split_once('?').expect("a query").1;
    let taken = |query: &str| {
        let keys = keys();
        redirected(query, &keys).and_then(|received| read_request(&received, &expected(&keys, PROVIDER))).map_err(|Refused(rule)| rule)
    };
    assert_eq!(taken(query).expect("taken").name.value, "eve");
    let (unsigned, signature) = query.split_once("&Signature=").expect("a signature");
    let (message, _) = unsigned.split_once("&SigAlg=").expect("an algorithm");
    // Another spelling of the same signed over as it is spelled (Bindings, section 3.4.4.1): no form is made normal.
    let respelled = unsigned.replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d").replace("%3A", "%3a");
    let pair = RsaKeyPair::from_pkcs8(&OWN.private).expect("a key");
    let mut value = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), respelled.as_bytes(), &mut value).expect("signed");
    let own = encode(&value, PLAIN).replace('+', "%2B").replace('/', "%2f").replace('=', "%3d");
    assert!(taken(&format!("{respelled}&Signature={own}")).is_ok() && respelled != unsigned);
    for (name, query, rule) in [
        ("no signature", unsigned.to_owned(), "not signed"),
        ("no algorithm", format!("{message}&Signature={signature}"), "not signed"),
        ("an empty signature", format!("{unsigned}&Signature="), "none of the provider's keys"),
        ("another state", query.replace("RelayState=x", "RelayState=y"), "none of the provider's keys"),
        ("no state", query.replace("&RelayState=x", ""), "none of the provider's keys"),
        ("another spelling", format!("{respelled}&Signature={signature}"), "none of the provider's keys"),
        ("SHA-1", query.replace("xmldsig-more%23rsa-sha256", "xmldsig%23rsa-sha1"), "none of the provider's keys"),
        ("a second message", format!("{query}&SAMLRequest=AAAA"), "twice"),
        ("an answer beside", format!("{query}&SAMLResponse=AAAA"), "not one message"),
        ("as an answer", query.replace("SAMLRequest", "SAMLResponse"), "none of the provider's keys"),
        ("another encoding", format!("{query}&SAMLEncoding=urn:x"), "otherwise than by DEFLATE"),
        ("a digit that is none", query.replacen("%2", "%zz", 1), "n"),
        ("nothing", String::new(), "not one message"),
    ] {
        let refused = taken(&query).expect_err(name);
        assert!(refused.contains(rule), "{name}: {refused}");
    }
    assert!(redirected(query, &[Signer::curve().key()]).is_err());
    // A megabyte of blanks in a few bytes.
    let bomb = format!("{}{}", logout_request("_l", SLO, "eve", &[]), " ".repeat(1 << 20));
    let address =
        Message { kind: Kind::Request, id: "_l", text: &bomb, state: None }.address("https://w.example/", &key()).expect("signed");
    assert_eq!(taken(address.split_once('?').expect("a query").1), Err("the message has more than 64 KiB"));
    // What is signed within is not what a query says.
    let within = Signer::curve().sign(&text, "_l");
    let address =
        Message { kind: Kind::Request, id: "_l", text: &within, state: None }.address("https://w.example/", &key()).expect("signed");
    assert!(taken(address.split_once('?').expect("a query").1).expect_err("refused").contains("more is signed"));
}

#[test]
fn a_request_in_a_form_is_taken_when_it_is_signed_new_and_for_this_address() {
    for signer in [Signer::rsa(), Signer::curve()] {
        let honest = asked(&signer.sign(&logout_request("_l", SLO, "eve", &["a", "b"]), "_l"), &signer).expect("taken");
        assert_eq!(
            (honest.id.as_str(), honest.name.value.as_str(), &honest.sessions[..]),
            ("_l", "eve", &["a".to_owned(), "b".to_owned()][..])
        );
        assert_eq!(honest.until_ms, NOON_MS + 720_000);
    }
    let signer = Signer::curve();
    let text = logout_request("_l", SLO, "eve", &["a"]);
    assert!(asked(&text, &signer).expect_err("unsigned").contains("not signed"));
    assert!(asked(&Signer::curve().sign(&text, "_l"), &signer).is_err(), "of another");
    assert!(asked(&signer.sign(&text, "_l").replace("eve", "ada"), &signer).is_err(), "altered");
    for (old, new, rule) in [
        (SLO, "https://ward.example/auth/outside/other/slo", "another address"),
        (&*format!(" Destination=\"{SLO}\""), "", "another address"),
        (PROVIDER, "https://evil.example", "another provider"),
        ("T08:00:00Z\" NotOn", "T07:40:00Z\" NotOn", "long ago"),
        ("T08:00:00Z\" NotOn", "T08:10:00Z\" NotOn", "to come"),
        ("IssueInstant", "Instant", "when it was made"),
        ("T08:05:00Z", "T07:58:00Z", "has ended"),
        ("2027-01-15T08:05:00Z", "soon", "has ended"),
        ("<saml:NameID>eve</saml:NameID>", "", "whom it is about"),
        ("<saml:NameID>eve</saml:NameID>", "<saml:NameID>eve</saml:NameID><saml:NameID>ada</saml:NameID>", "whom it is about"),
        ("<saml:NameID>eve</saml:NameID>", "<saml:EncryptedID/>", "whom it is about"),
        ("Version=\"2.0\"", "Version=\"1.1\"", "another version"),
    ] {
        assert!(text.contains(old), "{old}");
        let told = asked(&signer.sign(&text.replace(old, new), "_l"), &signer).expect_err(new);
        assert!(told.contains(rule), "{new}: {told}");
    }
    let many = vec!["s"; 101];
    assert!(asked(&signer.sign(&logout_request("_l", SLO, "eve", &many), "_l"), &signer).expect_err("too many").contains("100 sessions"));
    // A request is no answer, and the other way round; nor is what a provider signs otherwise.
    let signed = signer.sign(&text, "_l");
    assert!(answered(&signed, &signer).is_err());
    assert!(asked(&signer.sign(&crate::signer::response("_r", &crate::signer::assertion("_a", "eve")), "_r"), &signer).is_err());
    // The signed one within another.
    let wrapped = logout_request("_x", SLO, "ada", &[])
        .replace("<saml:NameID>", &format!("<samlp:Extensions>{signed}</samlp:Extensions><saml:NameID>"));
    assert!(asked(&wrapped, &signer).is_err());
    let signature = signer.signature(&text, "_l", |info| info);
    let moved = logout_request("_x", SLO, "ada", &[]).replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1);
    assert!(asked(&moved, &signer).is_err());
}

#[test]
fn an_answer_says_whether_everybody_is_signed_out() {
    let signer = Signer::curve();
    let text = logout_response("_p", SLO, "_q");
    let taken = |text: &str| answered(&signer.sign(text, "_p"), &signer);
    assert_eq!(taken(&text), Ok(Answered { in_response_to: "_q".to_owned(), is_done: true }));
    assert_eq!(taken(&text.replace("status:Success", "status:Responder")).map(|answered| answered.is_done), Ok(false));
    assert!(taken(&text.replace(" InResponseTo=\"_q\"", "")).is_err());
    assert!(answered(&text, &signer).is_err(), "unsigned");
    assert!(posted(Kind::Response, "%%%", None).is_err());
    assert_eq!(posted(Kind::Response, "AAAA", Some(&"x".repeat(81))).expect("read").state, None);
}
