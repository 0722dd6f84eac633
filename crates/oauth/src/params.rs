//! The parameters of a request: each at most once, an empty one as if it were not there (RFC 6749, section 3.1).

use std::fmt;

use crate::refusal::{Fault, Refusal};

/// How many parameters a request may have.
const MOST: usize = 64;
/// How long a value may be, in bytes.
const LONGEST: usize = 16 * 1024;

/// The parameters of a request. `{:?}` shows their names only.
#[derive(Clone, Default)]
pub struct Params {
    pairs: Vec<(String, String)>,
}

impl Params {
    /// These, decoded, of the query or of the form: never of both together.
    ///
    /// Fails with `invalid_request` when one stands twice, when there are more than 64 of them, or one has more than 16 KiB.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, Refusal> {
        let mut known: Vec<(String, String)> = Vec::new();
        for (name, value) in pairs {
            let problem = if known.iter().any(|(other, _)| *other == name) {
                format!("The parameter '{}' stands more than once; send each once.", shown(&name))
            } else if known.len() == MOST {
                format!("There are more than {MOST} parameters.")
            } else if value.len() > LONGEST || name.len() > 128 {
                format!("The parameter '{}' is too long: a value has at most {LONGEST} bytes.", shown(&name))
            } else {
                known.push((name, value));
                continue;
            };
            return Err(Refusal::new(Fault::InvalidRequest, problem));
        }
        Ok(Self { pairs: known })
    }

    /// The value of a parameter; `None` when it is missing or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The value of a parameter that must be there.
    ///
    /// Fails with `invalid_request` when it is not.
    pub fn need(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::new(Fault::InvalidRequest, format!("The parameter '{name}' is missing.")))
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.pairs.iter().map(|(name, _)| shown(name))).finish()
    }
}

/// The begin of a name that somebody else has chosen.
fn shown(name: &str) -> String {
    name.chars().take(40).collect()
}

/// Appends parameters to an address, encoded as forms are.
pub fn append(address: &str, params: &[(&str, &str)]) -> String {
    let mut out = address.to_owned();
    let mut separator = if address.contains('?') { '&' } else { '?' };
    for (name, value) in params {
        out.push(separator);
        encode(name, &mut out);
        out.push('=');
        encode(value, &mut out);
        separator = '&';
    }
    out
}

fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
}

/// A text decoded as forms are: `+` is a blank. `None` when it is not encoded so.
pub(crate) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                (digit(rest.next()?)? << 4 | digit(rest.next()?)?) as u8
            }
            _ => byte,
        });
    }
    String::from_utf8(bytes).ok()
}
