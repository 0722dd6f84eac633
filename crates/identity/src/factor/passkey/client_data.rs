//! What a browser says of a ceremony (<https://www.w3.org/TR/webauthn-3/#dictionary-client-data>).

use serde::Deserialize;
use serde_json::Value;

use crate::base64url;
use crate::settings::RelyingParty;

/// The longest answer of a device, in characters of each of its members.
const LONGEST: usize = 16 * 1024;

/// What the browser says.
#[derive(Clone, Debug, Deserialize)]
pub struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    /// The challenge, in base64url.
    pub challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

impl ClientData {
    /// What these bytes say, if it is of this kind (`webauthn.create`, `webauthn.get`) and from an origin of the relying party's, not from a page inside of
    /// another's.
    pub fn read(bytes: &[u8], kind: &str, relying_party: &RelyingParty) -> Option<Self> {
        let said: Self = serde_json::from_slice(bytes).ok()?;
        let ours = relying_party.origins.contains(&said.origin) && !said.cross_origin;
        (said.kind == kind && ours).then_some(said)
    }
}

/// The bytes of a member of `response` in a device's answer; `None` when it is not there, too long, or no base64url.
pub fn member(answer: &Value, name: &str) -> Option<Vec<u8>> {
    answer.get("response")?.get(name)?.as_str().filter(|text| text.len() <= LONGEST).and_then(base64url::decode)
}
