//! A token taken apart, before anybody has looked whether it is genuine.

use fhir::json::{self, Limits};
use fhir::{Object, Value};

use crate::jwt::PublicKey;
use identity::base64url;

/// The longest token that is looked at, in bytes.
const LONGEST: usize = 8 * 1024;
/// What a part may hold. The reader of JSON refuses members that stand twice.
const LIMITS: Limits = Limits { depth: 8, values: 500 };

/// A token.
#[derive(Clone)]
pub struct Token<'a> {
    algorithm: Box<str>,
    /// Which key is to have signed it.
    pub kid: Option<String>,
    /// Where that key is, as whoever signed it says. Keys are never had from there; it has to be where the client has registered that they are.
    pub(crate) jku: Option<String>,
    /// What it says.
    pub claims: Claims,
    signed: &'a str,
    signature: Vec<u8>,
}

/// What a token says.
#[derive(Clone)]
pub struct Claims(Object);

impl<'a> Token<'a> {
    /// Takes a token apart.
    ///
    /// Fails, with the rule, when it is none; also when its header has `crit`, of which nothing is understood here.
    pub fn parse(text: &'a str) -> Result<Self, &'static str> {
        let none = "The token is no JSON Web Token of three parts in base64url.";
        if text.len() > LONGEST {
            return Err("The token has more than 8 KiB.");
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(none)?;
        let (header, claims) = signed.split_once('.').filter(|(_, claims)| !claims.contains('.')).ok_or(none)?;
        let header = object(header).ok_or("The header of the token is no JSON object with each member once.")?;
        let claims = object(claims).ok_or("The claims of the token are no JSON object with each member once.")?;
        if header.get("crit").is_some() || header.get("b64").is_some() {
            return Err("The header of the token has 'crit' or 'b64', which are not understood here.");
        }
        if header.get("typ").is_some_and(|kind| !kind.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("jwt"))) {
            return Err("The 'typ' of the token must be JWT.");
        }
        let algorithm = header.get("alg").and_then(Value::as_str).ok_or("The header of the token has no 'alg'.")?;
        let kid = header.get("kid").and_then(Value::as_str).map(str::to_owned);
        let jku = match header.get("jku") {
            Some(address) => Some(address.as_str().ok_or("The 'jku' of the token is no text.")?.to_owned()),
            None => None,
        };
        let signature = base64url::decode(signature).filter(|signature| !signature.is_empty()).ok_or(none)?;
        Ok(Self { algorithm: algorithm.into(), kid, jku, claims: Claims(claims), signed, signature })
    }

    /// The algorithm that its header names, which chooses nothing.
    pub fn algorithm(&self) -> &str {
        &self.algorithm
    }

    /// Whether it names an algorithm of this key, and was signed with both.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        key.verifies(&self.algorithm, self.signed.as_bytes(), &self.signature)
    }
}

impl Claims {
    /// A claim that is a text; `None` for any other.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// Whether there is a claim of this name.
    pub fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some()
    }

    /// A claim that is a moment in whole seconds since 1970, before the year 5138.
    pub fn seconds(&self, name: &str) -> Option<i64> {
        let text = self.0.get(name).and_then(Value::as_number)?;
        let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
        whole.parse().ok().filter(|seconds| (0..100_000_000_000).contains(seconds))
    }

    /// For whom it is: one, or an array of some.
    pub fn audience(&self) -> impl Iterator<Item = &str> {
        self.texts("aud")
    }

    /// The texts of a claim that is one, or an array of some; others in it are passed over.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flat_map(Value::each).filter_map(Value::as_str)
    }
}

fn object(part: &str) -> Option<Object> {
    match json::parse_with(&base64url::decode(part)?, LIMITS) {
        Ok(Value::Object(members)) => Some(members),
        _ => None,
    }
}
