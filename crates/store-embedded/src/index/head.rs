//! The current version of a resource, as the index keeps it.

use store::commit::{Instant, Key};
use store::encoding::varint;

use super::{id, keys};
use crate::error::{Result, StoreError};
use crate::truth::log::State;

/// How many bytes what is kept of a version takes at most in a store of a usual size.
const TYPICAL_BYTES: usize = 20;

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
        let mut out = Vec::with_capacity(TYPICAL_BYTES);
        for number in [self.resource, self.row - self.resource, self.version, self.at.cast_unsigned()] {
            varint::put(&mut out, number);
        }
        out.push(self.state.code());
        out
    }

    /// With the type and id behind, for `resources`.
    pub(crate) fn encode_with(&self, key: &Key) -> Vec<u8> {
        let mut out = self.encode();
        out.push(keys::kind_code(key.kind));
        id::put(&mut out, &key.id);
        out
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self> {
        Self::split(bytes).map(|(head, _)| head).ok_or_else(damaged)
    }

    /// The head and the key of a value in `resources`.
    pub(crate) fn decode_with(bytes: &[u8]) -> Result<(Self, Key)> {
        let (head, rest) = Self::split(bytes).ok_or_else(damaged)?;
        let (&code, id) = rest.split_first().ok_or_else(damaged)?;
        Ok((head, Key::new(keys::kind_of(code)?, id::read(id).ok_or_else(damaged)?)))
    }

    fn split(mut bytes: &[u8]) -> Option<(Self, &[u8])> {
        let mut number = || varint::take(&mut bytes);
        let resource = number()?;
        let row = resource.checked_add(number()?)?;
        let (version, at) = (number()?, number()?.cast_signed());
        let (&state, rest) = bytes.split_first()?;
        Some((Head { resource, row, version, at, state: State::of(state)? }, rest))
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
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(TYPICAL_BYTES);
        varint::put(&mut out, self.row);
        varint::put(&mut out, self.at.cast_unsigned());
        out.push(self.state.code());
        out
    }

    pub(crate) fn decode(mut bytes: &[u8]) -> Result<Self> {
        let mut parts = || {
            let (row, at) = (varint::take(&mut bytes)?, varint::take(&mut bytes)?.cast_signed());
            Some(VersionAt { row, at, state: State::of(*bytes.first()?)? })
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
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(TYPICAL_BYTES);
        for number in [self.ordinal, self.at.cast_unsigned(), self.resource] {
            varint::put(&mut out, number);
        }
        out
    }

    pub(crate) fn decode(mut bytes: &[u8]) -> Result<Self> {
        let mut number = || varint::take(&mut bytes);
        let mut parts = || Some(Written { ordinal: number()?, at: number()?.cast_signed(), resource: number()? });
        parts().ok_or_else(damaged)
    }
}

/// A number that stands alone in a value.
pub(crate) fn number(bytes: &[u8]) -> Result<u64> {
    bytes.try_into().map(u64::from_be_bytes).map_err(|_| damaged())
}
