//! Keys of signed notes: their texts, and signatures with them.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use fhir::primitive::base64;

use super::NoteError;

/// Ed25519, as signed notes number algorithms.
const ALGORITHM: u8 = 1;
/// More signatures than this are not looked at.
const MOST_SIGNATURES: usize = 100;

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyError(&'static str);

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this is no key for checkpoints: {}", self.0)
    }
}

impl std::error::Error for KeyError {}

/// Signs.
pub struct Signer {
    name: Box<str>,
    pair: Ed25519KeyPair,
}

/// Tells whether a signature is by a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    name: Box<str>,
    key: [u8; 32],
}

impl Signer {
    /// The signer of this name with this seed: 32 bytes that nobody else knows. The name has neither blanks nor `+`.
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyError("the seed is none"))?;
        Ok(Self { name: named(name)?, pair })
    }

    /// Reads a signer as its file has it: `PRIVATE+KEY+name+hash+key`.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let text = text.trim_end().strip_prefix("PRIVATE+KEY+").ok_or(KeyError("it does not begin with PRIVATE+KEY+"))?;
        let (name, hash, seed) = parts(text)?;
        let signer = Self::new(name, &seed)?;
        if signer.verifier().id() != hash {
            return Err(KeyError("its hash is of another key"));
        }
        Ok(signer)
    }

    /// Whoever verifies its signatures.
    pub fn verifier(&self) -> Verifier {
        let key = self.pair.public_key().as_ref().try_into().unwrap_or_else(|_| unreachable!("an Ed25519 key has 32 bytes"));
        Verifier { name: self.name.clone(), key }
    }

    /// The line of a signed note that signs a text, without its end.
    pub fn sign_line(&self, text: &[u8]) -> String {
        let mut bytes = self.verifier().id().to_vec();
        bytes.extend_from_slice(self.pair.sign(text).as_ref());
        format!("\u{2014} {} {}", self.name, base64::encode(&bytes, base64::PLAIN))
    }
}

impl Verifier {
    /// Reads a key as it is published: `name+hash+key`.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let (name, hash, key) = parts(text.trim_end())?;
        let verifier = Self { name: named(name)?, key };
        if verifier.id() != hash {
            return Err(KeyError("its hash is of another key"));
        }
        Ok(verifier)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first bytes of the hash of its name and key.
    fn id(&self) -> [u8; 4] {
        let mut text = format!("{}\n", self.name).into_bytes();
        text.push(ALGORITHM);
        text.extend_from_slice(&self.key);
        let hash = digest(&SHA256, &text);
        let hash = hash.as_ref();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// Verifies a text by the lines of its signatures, of which one must be by this key.
    pub fn verify(&self, text: &[u8], signatures: &str) -> Result<(), NoteError> {
        if !signatures.ends_with('\n') {
            return Err(NoteError::Form("the last line has no end"));
        }
        let mut is_signed = false;
        for (count, line) in signatures.lines().enumerate() {
            if count == MOST_SIGNATURES {
                return Err(NoteError::Form("there are too many signatures"));
            }
            let (name, encoded) =
                line.strip_prefix("\u{2014} ").and_then(|line| line.split_once(' ')).ok_or(NoteError::Form("a line is no signature"))?;
            let bytes = base64::decode(encoded, base64::PLAIN).ok_or(NoteError::Form("a signature is not base64"))?;
            // Else another text would stand for the same signature.
            if base64::encode(&bytes, base64::PLAIN) != encoded {
                return Err(NoteError::Form("a signature is not base64"));
            }
            let Some((id, signature)) = bytes.split_first_chunk::<4>() else { return Err(NoteError::Form("a signature is too short")) };
            if name != &*self.name || *id != self.id() {
                continue;
            }
            UnparsedPublicKey::new(&ED25519, &self.key).verify(text, signature).map_err(|_| NoteError::WrongSignature)?;
            is_signed = true;
        }
        if is_signed { Ok(()) } else { Err(NoteError::Unsigned) }
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.id();
        let mut key = vec![ALGORITHM];
        key.extend_from_slice(&self.key);
        write!(f, "{}+{a:02x}{b:02x}{c:02x}{d:02x}+{}", self.name, base64::encode(&key, base64::PLAIN))
    }
}

fn named(name: &str) -> Result<Box<str>, KeyError> {
    if name.is_empty() || name.contains(|letter: char| letter.is_whitespace() || letter == '+') {
        return Err(KeyError("its name is empty, or has blanks or a +"));
    }
    Ok(name.into())
}

/// Name, hash and the 32 bytes of the key.
fn parts(text: &str) -> Result<(&str, [u8; 4], [u8; 32]), KeyError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(hash), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(KeyError("it is not name+hash+key"));
    };
    let is_hash = hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let hash = u32::from_str_radix(hash, 16).ok().filter(|_| is_hash).ok_or(KeyError("its hash is not 8 digits"))?;
    let key = base64::decode(key, base64::PLAIN).ok_or(KeyError("the key is not base64"))?;
    match key.split_first() {
        Some((&ALGORITHM, key)) => Ok((name, hash.to_be_bytes(), key.try_into().map_err(|_| KeyError("the key has not 32 bytes"))?)),
        _ => Err(KeyError("it is not for Ed25519")),
    }
}
