//! A file in memory. The only place of this crate with `unsafe`.
#![expect(unsafe_code, reason = "a file can be mapped in no other way; the proof is below")]

use std::fs::File;
use std::io;
use std::ops::Deref;

use memmap2::Mmap;

/// The bytes of a concept table, mapped.
#[derive(Debug)]
pub struct Mapping(Mmap);

impl Mapping {
    /// Maps a file that [`crate::Tables`] has put in place.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn new(file: &File) -> io::Result<Self> {
        // SAFETY: the bytes of a mapping must not change while there is a slice of them. Concept tables are never changed in place: each is
        // written under a new name, synced, and then renamed to its own (`directory.rs`). Renaming another file over it, or removing it, leaves
        // the mapped one as it is until the mapping ends. Nothing else writes into that folder; who edits files there by hand breaks the rule
        // that docs state.
        let mapping = unsafe { Mmap::map(file)? };
        Ok(Self(mapping))
    }
}

impl Deref for Mapping {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        &self.0
    }
}
