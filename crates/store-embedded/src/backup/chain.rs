//! The chain that a backup is writing: where it is, and how it is found again after a restart.

use std::path::{Path, PathBuf};

use store::commit::Instant;

use super::base::Base;
use super::place::{self, Newest};
use super::sealed::Seal;
use super::segment::{self, Segment};
use super::shipping::{Shipping, Written};
use crate::error::Result;
use crate::truth::wal::{FRAME_HEAD, LogFile, Salts};

/// A chain that is being written.
pub(crate) struct Chain {
    pub(crate) folder: PathBuf,
    /// The folder that the next segment goes to.
    pub(crate) stretch: PathBuf,
    /// The newest segment.
    pub(crate) newest: Newest,
    /// When the last commit in it was.
    pub(crate) until: Instant,
    /// The log of its last frame.
    pub(crate) log: Salts,
    /// How many frames of that log are copied.
    pub(crate) frames: u32,
    /// When its last base was made; `None` when it has none yet.
    pub(crate) base_made: Option<Instant>,
}

impl Chain {
    /// Begins a chain after those that are there, with the log as it is from its first frame on.
    pub(crate) fn begin(place: &Path, written: &Written) -> Result<Self> {
        let number = place::chains(place)?.last().map_or(1, |(number, _)| number + 1);
        let folder = place::chain(place, number);
        // A chain is begun in a folder of its own under a place that is there: a share that is not mounted must not be taken for one that is empty.
        std::fs::create_dir(&folder)?;
        let newest = Newest { number: 0, seal: new_seal() };
        newest.write(&folder)?;
        let stretch = place::stretch(&folder, 1);
        std::fs::create_dir(&stretch)?;
        Ok(Self { folder, stretch, newest, until: 0, log: written.salts, frames: 0, base_made: None })
    }

    /// Whether it has the log up to here.
    pub(crate) fn has(&self, written: &Written) -> bool {
        written.frames == 0 || (self.log == written.salts && self.frames >= written.frames)
    }

    /// Whether it is still where it was, as it was left.
    pub(crate) fn is_there(&self) -> bool {
        Newest::read(&self.folder, false).is_ok_and(|newest| newest == self.newest)
    }

    /// Finds the newest chain again and what of the log is in it; the reason when nothing can be added to it.
    pub(crate) fn find(shipping: &Shipping, written: &Written) -> Result<std::result::Result<Self, &'static str>> {
        let Some((_, folder)) = place::chains(&shipping.settings.to)?.pop() else {
            return Ok(Err("there is none yet"));
        };
        let stretches = place::stretches(&folder)?;
        let (Some((_, stretch)), Ok(newest)) = (stretches.last().cloned(), Newest::read(&folder, false)) else {
            return Ok(Err("the last one cannot be read"));
        };
        let made = stretches.iter().rev().find_map(|(_, stretch)| Base::of(stretch, false).ok()?.map(|base| base.made));
        if made.is_none() {
            return Ok(Err("the last one has no base"));
        }
        let Some((newest, last)) = last_segment(&stretches, newest) else {
            return Ok(Err("the last one cannot be read to its end"));
        };
        let until = last.as_ref().map_or(0, |last| last.head.reached.at);
        let mut chain = Self { folder, stretch, newest, until, log: written.salts, frames: 0, base_made: made };
        if let Some((log, frames)) = last.map(|last| is_in_log(&last, shipping)).transpose()?.flatten() {
            (chain.log, chain.frames) = (log, frames);
        } else if !shipping.was_closed_after(newest.seal) && shipping.settings.proves_link {
            return Ok(Err("the database was written without it"));
        }
        shipping.resumed(chain.log, chain.frames, newest.seal);
        newest.write(&chain.folder)?;
        Ok(Ok(chain))
    }
}

/// The last segment that is there, if there is any: the chain may know of one less, when it was written just before the end of the process. `None` when
/// the one that it knows of is not there.
fn last_segment(stretches: &[(u64, PathBuf)], newest: Newest) -> Option<(Newest, Option<Segment>)> {
    let read = |number| segment::read(&place::segment(stretches, number)?, false).ok();
    if let Some(next) = read(newest.number + 1).filter(|next| next.head.after == newest.seal) {
        return Some((Newest { number: next.head.number, seal: next.seal }, Some(next)));
    }
    if newest.number == 0 {
        return Some((newest, None));
    }
    read(newest.number).filter(|last| last.seal == newest.seal).map(|last| (newest, Some(last)))
}

/// The log that holds the last frame of a segment where the segment says, and the number of its frames up to there: everything after them is then still in it.
fn is_in_log(segment: &Segment, shipping: &Shipping) -> Result<Option<(Salts, u32)>> {
    let Some(log) = LogFile::open(&shipping.path)? else { return Ok(None) };
    let Some(last) = segment.frames().last() else { return Ok(None) };
    let end = segment.head.first + segment.head.count;
    let there = log.head(end - 1)?;
    let is_same = last.get(8..16) == Some(&log.salts[..]) && there.is_some_and(|head| Some(&head[..]) == last.get(..FRAME_HEAD));
    Ok(is_same.then_some((log.salts, end)))
}

/// A seal that no other chain has.
fn new_seal() -> Seal {
    let half = || crate::truth::new_instance() as u64;
    Seal::from(half()) << 64 | Seal::from(half())
}
