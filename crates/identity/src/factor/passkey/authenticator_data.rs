//! What an authenticator says and signs (<https://www.w3.org/TR/webauthn-3/#authenticator-data>).

use crate::factor::passkey::cbor::{self, Cbor};

/// The longest id of a credential, in bytes.
const LONGEST_ID: usize = 1023;

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const MAY_BE_BACKED_UP: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const HAS_CREDENTIAL: u8 = 1 << 6;
const HAS_EXTENSIONS: u8 = 1 << 7;

/// What it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthenticatorData<'a> {
    /// The SHA-256 of the relying party's id.
    pub relying_party: &'a [u8],
    flags: u8,
    /// How often it was used; 0 when it does not count.
    pub count: u32,
    /// The new credential: its id, and its public key as COSE has it.
    pub credential: Option<(&'a [u8], &'a [u8])>,
}

impl<'a> AuthenticatorData<'a> {
    /// What these bytes say, whole; `None` when they are cut short, have more than they say, or contradict themselves.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (relying_party, rest) = bytes.split_at_checked(32)?;
        let (&flags, rest) = rest.split_first()?;
        let (count, mut rest) = rest.split_first_chunk::<4>()?;
        let mut credential = None;
        if flags & HAS_CREDENTIAL != 0 {
            let (_aaguid, after) = rest.split_at_checked(16)?;
            let (length, after) = after.split_first_chunk::<2>()?;
            let (id, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
            let (_, behind) = cbor::read(after)?;
            let key = &after[..after.len() - behind.len()];
            credential = Some((id, key));
            rest = behind;
        }
        if flags & HAS_EXTENSIONS != 0 {
            let (extensions, behind) = cbor::read(rest)?;
            matches!(extensions, Cbor::Map(_)).then_some(())?;
            rest = behind;
        }
        let said = Self { relying_party, flags, count: u32::from_be_bytes(*count), credential };
        let id_fits = credential.is_none_or(|(id, _)| (1..=LONGEST_ID).contains(&id.len()));
        let backup_fits = flags & BACKED_UP == 0 || flags & MAY_BE_BACKED_UP != 0;
        (rest.is_empty() && id_fits && backup_fits).then_some(said)
    }

    /// Whether somebody touched it.
    pub fn present(&self) -> bool {
        self.flags & USER_PRESENT != 0
    }

    /// Whether it made sure that it is its owner, by a finger, a face or a number.
    pub fn verified(&self) -> bool {
        self.flags & USER_VERIFIED != 0
    }

    /// Whether the key is also elsewhere.
    pub fn backed_up(&self) -> bool {
        self.flags & BACKED_UP != 0
    }
}
