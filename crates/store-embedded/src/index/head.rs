//! The current version of a resource, as the index keeps it.

use store::commit::{Instant, Key};

use super::keys;
use crate::error::{Result, StoreError};
use crate::truth::log::State;

/// How many bytes a head takes.
const BYTES: usize = 33;

/// The current version of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The resource: the row of its first version.
    pub(crate) resource: u64,
    /// The row of this version.
    pub(crate) row: u64,
    pub(crate) version: u64,
    pub(crate) at: Instant,
    pub(crate) state: State,
}

impl Head {
    /// Whether there is no resource now: the version is a deletion, or all versions were erased.
    pub(crate) fn is_deleted(&self) -> bool {
        matches!(self.state, State::Deleted | State::Erased)
    }

    /// Whether all versions were erased, and no new one was written.
    pub(crate) fn is_erased(&self) -> bool {
        self.state == State::Erased
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(BYTES);
        out.extend_from_slice(&self.resource.to_be_bytes());
        out.extend_from_slice(&self.row.to_be_bytes());
        out.extend_from_slice(&self.version.to_be_bytes());
        out.extend_from_slice(&self.at.to_be_bytes());
        out.push(self.state.code());
        out
    }

    /// With the type and id behind, for `resources`.
    pub(crate) fn encode_with(&self, key: &Key) -> Vec<u8> {
        let mut out = self.encode();
        out.reserve(1 + key.id.len());
        out.push(keys::kind_code(key.kind));
        out.extend_from_slice(key.id.as_bytes());
        out
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self> {
        Self::split(bytes).map(|(head, _)| head).ok_or_else(damaged)
    }

    /// The head and the key of a value in `resources`.
    pub(crate) fn decode_with(bytes: &[u8]) -> Result<(Self, Key)> {
        let (head, rest) = Self::split(bytes).ok_or_else(damaged)?;
        let (&code, id) = rest.split_first().ok_or_else(damaged)?;
        let id = std::str::from_utf8(id).map_err(|_| damaged())?;
        Ok((head, Key::new(keys::kind_of(code)?, id)))
    }

    fn split(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (resource, bytes) = bytes.split_first_chunk::<8>()?;
        let (row, bytes) = bytes.split_first_chunk::<8>()?;
        let (version, bytes) = bytes.split_first_chunk::<8>()?;
        let (at, bytes) = bytes.split_first_chunk::<8>()?;
        let (&state, bytes) = bytes.split_first()?;
        let head = Head {
            resource: u64::from_be_bytes(*resource),
            row: u64::from_be_bytes(*row),
            version: u64::from_be_bytes(*version),
            at: i64::from_be_bytes(*at),
            state: State::of(state)?,
        };
        Some((head, bytes))
    }
}

fn damaged() -> StoreError {
    StoreError::Damaged("the index has a version that cannot be read: delete its folder, and the next start rebuilds it".to_owned())
}

/// A version of one resource, as `versions` keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VersionAt {
    pub(crate) row: u64,
    pub(crate) at: Instant,
    pub(crate) state: State,
}

impl VersionAt {
    pub(crate) fn encode(&self) -> [u8; 17] {
        let mut out = [0; 17];
        out[..8].copy_from_slice(&self.row.to_be_bytes());
        out[8..16].copy_from_slice(&self.at.to_be_bytes());
        out[16] = self.state.code();
        out
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self> {
        let parts = || {
            let (row, bytes) = bytes.split_first_chunk::<8>()?;
            let (at, bytes) = bytes.split_first_chunk::<8>()?;
            Some(VersionAt { row: u64::from_be_bytes(*row), at: i64::from_be_bytes(*at), state: State::of(*bytes.first()?)? })
        };
        parts().ok_or_else(damaged)
    }
}

/// A version in a history, as `history` keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// Its place in the history, from 1.
    pub(crate) ordinal: u64,
    pub(crate) at: Instant,
    pub(crate) resource: u64,
}

impl Written {
    pub(crate) fn encode(&self) -> [u8; 24] {
        let mut out = [0; 24];
        out[..8].copy_from_slice(&self.ordinal.to_be_bytes());
        out[8..16].copy_from_slice(&self.at.to_be_bytes());
        out[16..].copy_from_slice(&self.resource.to_be_bytes());
        out
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self> {
        let parts = || {
            let (ordinal, bytes) = bytes.split_first_chunk::<8>()?;
            let (at, bytes) = bytes.split_first_chunk::<8>()?;
            let resource = u64::from_be_bytes(bytes.try_into().ok()?);
            Some(Written { ordinal: u64::from_be_bytes(*ordinal), at: i64::from_be_bytes(*at), resource })
        };
        parts().ok_or_else(damaged)
    }
}

/// A number that stands alone in a value.
pub(crate) fn number(bytes: &[u8]) -> Result<u64> {
    bytes.try_into().map(u64::from_be_bytes).map_err(|_| damaged())
}
