//! What is kept of a key: everything but the key itself, which is there wrapped.

use std::fmt;

use crate::context::Context;
use crate::kek::Wrapped;
use crate::sealed::KeyId;

/// How many holds a key may have.
pub const MOST_HOLDS: usize = 64;

/// How many bytes the name of a hold's case may have.
pub const MOST_CASE_BYTES: usize = 64;

/// Who a key is of, as a keyed hash: the file of keys names no patient.
pub type Subject = [u8; 16];

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A tenant's: it seals what belongs to nobody in particular, and wraps the keys of subjects. Wrapped by the key-encryption key.
    Tenant,
    /// A tenant's keyed hashes. It has one version for good. Wrapped by the key-encryption key.
    Hashing,
    /// One subject's, such as a patient's. Wrapped by a version of the tenant's key.
    Subject(Subject),
}

/// Whether a key can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It seals and opens.
    Live,
    /// Its content is being erased: it opens, and seals nothing more.
    Closing,
    /// It is gone: nothing of it is kept but that it was there.
    Destroyed,
}

/// A key as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// Its id.
    pub id: KeyId,
    /// Whose it is.
    pub tenant: u32,
    /// What for.
    pub purpose: Purpose,
    /// Whether it can be used.
    pub state: KeyState,
    /// The cases for which it must not be destroyed: legal holds.
    pub holds: Vec<Box<str>>,
    /// Its versions, the oldest first, wrapped. The last one seals. None when it is destroyed.
    pub versions: Vec<(u32, Wrapped)>,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Record({:016x}, tenant {}, {:?}, {:?}, {} versions)",
            self.id.0,
            self.tenant,
            self.purpose,
            self.state,
            self.versions.len()
        )
    }
}

/// What is known of the whole ring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The lowest version of the key-encryption key that may have wrapped anything.
    pub kek_minimum: u32,
    /// How many erasures the ring has seen.
    pub erasures: u64,
}

/// One thing that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A key. A later one with the same id replaces it.
    Key(Record),
    /// What is known of the ring. A later one replaces it.
    Facts(Facts),
}

impl Record {
    /// What a version of it is bound to when it is wrapped.
    pub(crate) fn bound<R>(&self, version: u32, then: impl FnOnce(&Context<'_>) -> R) -> R {
        let id = format!("{:016x}", self.id.0);
        let kind = match self.purpose {
            Purpose::Tenant => "tenant",
            Purpose::Hashing => "hashing",
            Purpose::Subject(_) => "subject",
        };
        then(&Context { tenant: self.tenant, kind, id: &id, path: "", version: version.into() })
    }

    /// The version that seals; 0 when there is none.
    pub fn newest(&self) -> u32 {
        self.versions.last().map_or(0, |(version, _)| *version)
    }
}

impl Item {
    /// Appends its bytes.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Item::Facts(facts) => {
                out.push(0);
                out.extend_from_slice(&facts.kek_minimum.to_be_bytes());
                out.extend_from_slice(&facts.erasures.to_be_bytes());
            }
            Item::Key(record) => {
                let (purpose, subject) = match record.purpose {
                    Purpose::Tenant => (1, None),
                    Purpose::Hashing => (2, None),
                    Purpose::Subject(subject) => (3, Some(subject)),
                };
                out.push(purpose);
                out.extend_from_slice(subject.as_ref().map_or(&[][..], |subject| &subject[..]));
                out.extend_from_slice(&record.id.0.to_be_bytes());
                out.extend_from_slice(&record.tenant.to_be_bytes());
                out.push(record.state as u8);
                out.push(record.holds.len() as u8);
                for case in &record.holds {
                    bytes(out, case.as_bytes());
                }
                out.extend_from_slice(&(record.versions.len() as u16).to_be_bytes());
                for (version, wrapped) in &record.versions {
                    out.extend_from_slice(&version.to_be_bytes());
                    out.extend_from_slice(&wrapped.version.to_be_bytes());
                    bytes(out, &wrapped.bytes);
                }
            }
        }
    }

    /// Takes an item off the front of bytes; `None` when they do not begin with one.
    pub fn read(from: &mut &[u8]) -> Option<Self> {
        let purpose = match number::<1>(from)?[0] {
            0 => {
                return Some(Item::Facts(Facts {
                    kek_minimum: u32::from_be_bytes(number(from)?),
                    erasures: u64::from_be_bytes(number(from)?),
                }));
            }
            1 => Purpose::Tenant,
            2 => Purpose::Hashing,
            3 => Purpose::Subject(number(from)?),
            _ => return None,
        };
        let (id, tenant) = (KeyId(u64::from_be_bytes(number(from)?)), u32::from_be_bytes(number(from)?));
        let state = match number::<1>(from)?[0] {
            0 => KeyState::Live,
            1 => KeyState::Closing,
            2 => KeyState::Destroyed,
            _ => return None,
        };
        let case = |from: &mut &[u8]| Some(std::str::from_utf8(taken(from)?).ok()?.into());
        let holds = (0..number::<1>(from)?[0]).map(|_| case(from)).collect::<Option<_>>()?;
        let version = |from: &mut &[u8]| {
            let (version, by) = (u32::from_be_bytes(number(from)?), u32::from_be_bytes(number(from)?));
            Some((version, Wrapped { version: by, bytes: taken(from)?.to_vec() }))
        };
        let versions = (0..u16::from_be_bytes(number(from)?)).map(|_| version(from)).collect::<Option<_>>()?;
        Some(Item::Key(Record { id, tenant, purpose, state, holds, versions }))
    }
}

fn bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    debug_assert!(bytes.len() <= usize::from(u16::MAX), "what is kept is short");
    out.extend_from_slice(&(bytes.len() as u16).to_be_bytes());
    out.extend_from_slice(bytes);
}

fn number<const N: usize>(from: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = from.split_first_chunk::<N>()?;
    *from = tail;
    Some(*head)
}

fn taken<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = u16::from_be_bytes(number(from)?);
    let (head, tail) = from.split_at_checked(length.into())?;
    *from = tail;
    Some(head)
}
