//! Proof Key for Code Exchange (RFC 7636), with `S256` alone: whoever redeems a code proves that they asked for it.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};

use crate::params::Params;
use crate::refusal::{Fault, Refusal};
use identity::base64url;

/// The challenge of an authorization request.
///
/// Fails with `invalid_request` when there is none, when the method is not `S256`, or it is no SHA-256.
pub(crate) fn challenge(params: &Params) -> Result<&str, Refusal> {
    let wrong = |why: &str| Err(Refusal::new(Fault::InvalidRequest, why));
    let Some(challenge) = params.get("code_challenge") else {
        return wrong("PKCE is required: send 'code_challenge' and 'code_challenge_method=S256' (RFC 7636).");
    };
    if params.get("code_challenge_method") != Some("S256") {
        return wrong("The 'code_challenge_method' must be S256; 'plain', which is meant when there is none, is not accepted.");
    }
    match base64url::decode(challenge) {
        Some(hash) if hash.len() == 32 => Ok(challenge),
        _ => wrong("The 'code_challenge' must be the SHA-256 of the verifier in base64url without padding: 43 characters."),
    }
}

/// Whether a verifier belongs to a challenge.
pub(crate) fn fits(verifier: &str, challenge: &str) -> bool {
    let is_verifier = (43..=128).contains(&verifier.len())
        && verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
        && verifier != challenge;
    let computed = base64url::encode(digest(&SHA256, verifier.as_bytes()).as_ref());
    verify_slices_are_equal(computed.as_bytes(), challenge.as_bytes()).is_ok() && is_verifier
}
