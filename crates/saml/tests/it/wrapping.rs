//! Signature wrapping: what is signed is still somewhere in the document, and something else stands where it is read (Somorovsky et al., "On Breaking SAML", 2012).

use crate::signer::{Signer, assertion, judged, response};

/// The documents in which somebody who may sign in as `eve` says to be `root`. Each has a genuine signature of the provider, about eve.
fn wrapped(signer: &Signer) -> Vec<(&'static str, String)> {
    let keep = |info| info;
    let signed_response = signer.sign(&response("_r", &assertion("_a", "eve")), "_r");
    let of_response = signer.signature(&response("_r", &assertion("_a", "eve")), "_r", keep);
    let bare_response = response("_r", &assertion("_a", "eve"));
    let signed_assertion = signer.sign(&assertion("_a", "eve"), "_a");
    let bare_assertion = assertion("_a", "eve");
    let signature = signer.signature(&bare_assertion, "_a", keep);
    let evil = assertion("_evil", "root");
    let after_issuer = |text: &str, put: &str| text.replacen("</saml:Issuer>", &format!("</saml:Issuer>{put}"), 1);
    let within_signature = |put: &str, signature: &str| signature.replace("</ds:Signature>", &format!("{put}</ds:Signature>"));
    let object = |put: &str| format!("<ds:Object>{put}</ds:Object>");
    vec![
        (
            "1: the signed response in the signature of another",
            after_issuer(&response("_x", &evil), &within_signature(&bare_response, &of_response)),
        ),
        ("1b: in an object of it", after_issuer(&response("_x", &evil), &within_signature(&object(&bare_response), &of_response))),
        (
            "2: the signed response beside its signature in another",
            after_issuer(&response("_x", &evil), &format!("{bare_response}{of_response}")),
        ),
        ("2b: the signed response whole, in another", after_issuer(&response("_x", &evil), &signed_response)),
        ("3: another assertion before the signed one", response("_r", &format!("{evil}{signed_assertion}"))),
        ("3b: after it", response("_r", &format!("{signed_assertion}{evil}"))),
        (
            "4: another assertion around the signed one",
            response("_r", &evil.replace("</saml:Assertion>", &format!("{signed_assertion}</saml:Assertion>"))),
        ),
        (
            "5: another assertion with the signature, the signed one after it",
            response("_r", &format!("{}{bare_assertion}", after_issuer(&evil, &signature))),
        ),
        (
            "6: the signed one in the signature in another",
            response("_r", &after_issuer(&evil, &within_signature(&bare_assertion, &signature))),
        ),
        (
            "7: another assertion in the extensions",
            response("_r", &format!("<samlp:Extensions>{evil}</samlp:Extensions>{signed_assertion}")),
        ),
        ("7b: the signed one in the extensions", response("_r", &format!("<samlp:Extensions>{signed_assertion}</samlp:Extensions>{evil}"))),
        (
            "8: the signed one in an object of the signature in another",
            response("_r", &after_issuer(&evil, &within_signature(&object(&bare_assertion), &signature))),
        ),
        ("another with the same id", response("_r", &format!("{}{signed_assertion}", assertion("_a", "root")))),
        (
            "another with the same id and the signature",
            response("_r", &format!("{}{bare_assertion}", after_issuer(&assertion("_a", "root"), &signature))),
        ),
        ("the same id in another spelling", response("_r", &format!("<saml:Advice Id=\"_a\">{evil}</saml:Advice>{signed_assertion}"))),
        ("the signature beside another", response("_r", &format!("{evil}{signature}"))),
        ("the signature in another that takes its id", response("_r", &after_issuer(&assertion("_a", "root"), &signature))),
        (
            "a signed response with another assertion beside",
            signed_response.replace("</samlp:Response>", &format!("{evil}</samlp:Response>")),
        ),
    ]
}

#[test]
fn nothing_is_read_but_what_is_signed() {
    for signer in [Signer::curve(), Signer::rsa()] {
        for (name, text) in wrapped(&signer) {
            assert!(text.contains("root"), "{name}");
            let judged = judged(&text, &[signer.key()]);
            assert!(judged.is_err(), "{name}: {judged:?}");
        }
    }
}

#[test]
fn what_does_not_belong_into_an_answer_is_refused_although_the_signed_one_is_read() {
    let signer = Signer::curve();
    let signed = signer.sign(&assertion("_a", "eve"), "_a");
    let with =
        |extension: &str| judged(&response("_r", &format!("<samlp:Extensions>{extension}</samlp:Extensions>{signed}")), &[signer.key()]);
    assert_eq!(with("").expect("accepted").name.value, "eve");
    for attribute in ["ID", "Id", "id", "xml:id"] {
        let twice = with(&format!("<saml:Advice {attribute}=\"_a\"/>"));
        assert_eq!(twice.map_err(|refused| refused.0), Err("two elements have the same ID"), "{attribute}");
    }
    let elsewhere = with(&signer.signature(&assertion("_a", "eve"), "_a", |info| info));
    let told = "there is a signature elsewhere than directly within the response or the assertion";
    assert_eq!(elsewhere.map_err(|refused| refused.0), Err(told));
}
