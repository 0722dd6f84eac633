//! The public keys of a client: a JSON Web Key Set (RFC 7517).

use fhir::json;
use fhir::json::Limits;

use crate::jwt::PublicKey;
use crate::refusal::{Fault, Refusal};

/// How many keys a set may have.
const MOST: usize = 50;

/// The keys of a set that can verify what clients sign; others in it are passed over.
///
/// Fails with `invalid_client_metadata` when it is no set, has no such key, has a private one, or two of one `kid`.
pub(crate) fn parse(text: &[u8]) -> Result<Vec<PublicKey>, Refusal> {
    let wrong = |why: String| Refusal::new(Fault::InvalidMetadata, why);
    let set =
        json::parse_with(text, Limits { depth: 8, values: 5000 }).map_err(|error| wrong(format!("The key set is no JSON: {error}.")))?;
    let list =
        set.get("keys").and_then(|keys| keys.as_array()).ok_or_else(|| wrong("A key set is an object with an array 'keys'.".to_owned()))?;
    if list.len() > MOST {
        return Err(wrong(format!("A key set has at most {MOST} keys.")));
    }
    if list.iter().any(|key| key.get("d").is_some() || key.get("k").is_some()) {
        return Err(wrong("The key set has a private or symmetric key. Register the public half alone, and replace that key.".to_owned()));
    }
    let keys: Vec<PublicKey> = list.iter().filter_map(PublicKey::from_jwk).collect();
    if keys.is_empty() {
        return Err(wrong(
            "The key set has no key for RS256, RS384, ES256 or ES384 with a 'kid'; RSA keys have 2048 bits or more.".to_owned(),
        ));
    }
    if keys.iter().enumerate().any(|(index, key)| keys[..index].iter().any(|other| other.kid == key.kid)) {
        return Err(wrong("Two keys of the set have the same 'kid'.".to_owned()));
    }
    Ok(keys)
}
