//! What a continuous backup can restore.

use std::path::Path;

use store::commit::Instant;

use super::base::Base;
use super::place::{self, Newest};
use super::segment;
use crate::error::Result;

/// A span of time of which every moment can be restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The folder of its files.
    pub chain: std::path::PathBuf,
    /// Its first moment.
    pub from: Instant,
    /// When its last commit was: what comes later, up to the next span, is the same.
    pub until: Instant,
    /// How many copies of the whole database there are in it.
    pub bases: u64,
    /// The number of its newest segment.
    pub newest: u64,
}

/// The spans of the backup in a folder, oldest first; none when it has no whole base yet. Only the descriptions of bases and the newest segments are looked at.
///
/// # Errors
/// [`crate::StoreError::BadBackup`] when one of those is not what it was; whatever reading says.
pub fn moments(from: &Path) -> Result<Vec<Span>> {
    let mut spans = Vec::new();
    for (_, chain) in place::chains(from)? {
        let stretches = place::stretches(&chain)?;
        let mut bases = Vec::new();
        for (_, stretch) in &stretches {
            bases.extend(Base::of(stretch, false)?);
        }
        let Some(first) = bases.first() else { continue };
        let newest = Newest::read(&chain, false)?;
        let path = place::segment(&stretches, newest.number).filter(|_| newest.number > 0);
        let until = path.map(|path| segment::read(&path, false)).transpose()?.map(|segment| segment.head.reached.at);
        let (from, until) = (first.reached.at, until.unwrap_or_default().max(first.reached.at));
        spans.push(Span { chain, from, until, bases: bases.len() as u64, newest: newest.number });
    }
    Ok(spans)
}
