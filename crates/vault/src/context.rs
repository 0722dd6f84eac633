//! Where something sealed belongs: it opens there, and nowhere else.

use crate::error::{Result, VaultError};

/// The most bytes that each part of a context may have.
pub const MOST_PART_BYTES: usize = 1024;

/// The place of something that is sealed. All of it is authenticated with the content (RFC 8452, associated data), so that what was sealed for one place
/// does not open in another one: nobody who can write to the database can swap two rows, fields, versions or tenants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context<'a> {
    /// The tenant.
    pub tenant: u32,
    /// The type of what it is part of, such as `Patient`, `user`, `file`.
    pub kind: &'a str,
    /// The id of what it is part of.
    pub id: &'a str,
    /// Which part: a path such as `totp`, `Patient.identifier[0].value`; empty for the whole.
    pub path: &'a str,
    /// The version of what it is part of; 0 where there are none.
    pub version: u64,
}

impl Context<'_> {
    /// The bytes that are authenticated: each part with its length before it, so that no two contexts have the same.
    ///
    /// # Errors
    /// [`VaultError::TooLong`] when a part has more than [`MOST_PART_BYTES`].
    pub(crate) fn write(&self, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(&self.tenant.to_be_bytes());
        for (part, name) in [(self.kind, "the type of a context"), (self.id, "the id of a context"), (self.path, "the path of a context")] {
            let length = u16::try_from(part.len()).ok().filter(|&length| usize::from(length) <= MOST_PART_BYTES);
            out.extend_from_slice(&length.ok_or(VaultError::TooLong(name))?.to_be_bytes());
            out.extend_from_slice(part.as_bytes());
        }
        out.extend_from_slice(&self.version.to_be_bytes());
        Ok(())
    }
}
