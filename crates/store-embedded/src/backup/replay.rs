//! The database as a continuous backup has it: a base, and the frames of segments written over it.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rusqlite::OpenFlags;

use super::base::Base;
use super::place::{self, Newest};
use super::sealed::bad;
use super::segment::{self, Reached, Segment};
use super::until::Until;
use crate::error::{Result, StoreError};
use crate::truth::wal::{self, FRAME_HEAD};

/// Writes the database as it was at a moment, or as it is in the newest segment, into the file `draft`.
pub(super) fn unpack(place: &Path, draft: &Path, until: Option<Until>, is_trusted: bool) -> Result<()> {
    let mut earliest = None;
    for (_, chain) in place::chains(place)?.into_iter().rev() {
        let stretches = place::stretches(&chain)?;
        for (_, stretch) in stretches.iter().rev() {
            let Some(base) = Base::of(stretch, is_trusted)? else { continue };
            if until.is_none_or(|until| until.admits(&base.reached)) {
                let newest = Newest::read(&chain, is_trusted)?;
                let mut target = Target::create(draft)?;
                base.unpack(stretch, &mut target.file, is_trusted)?;
                return Replay { stretches: &stretches, base: &base, newest, until, is_trusted }.run(&mut target);
            }
            earliest = Some(base.reached.at);
        }
    }
    Err(StoreError::NoSuchMoment { earliest })
}

struct Replay<'a> {
    stretches: &'a [(u64, PathBuf)],
    base: &'a Base,
    newest: Newest,
    until: Option<Until>,
    is_trusted: bool,
}

impl Replay<'_> {
    fn run(&self, target: &mut Target) -> Result<()> {
        let mut link = self.base.after;
        for number in self.base.first.. {
            let Some(path) = place::segment(self.stretches, number) else { break };
            if number > self.newest.number.max(self.base.whole) && !path.exists() {
                break;
            }
            let segment = segment::read(&path, self.is_trusted)?;
            self.verify(&path, &segment, number, link)?;
            link = segment.seal;
            let is_within = number <= self.base.whole || self.until.is_none_or(|until| until.admits(&segment.head.reached));
            if is_within {
                segment.frames().try_for_each(|frame| target.write(frame))?;
            } else if let Some(until) = self.until
                && !target.step(&segment, until)?
            {
                break;
            }
        }
        target.finish()
    }

    fn verify(&self, path: &Path, segment: &Segment, number: u64, link: u128) -> Result<()> {
        if self.is_trusted {
            return Ok(());
        }
        if segment.head.number != number {
            return Err(bad(path, &format!("it is segment {}, in the place of {number}", segment.head.number)));
        }
        if segment.head.after != link {
            return Err(bad(path, "it does not follow the segment before it"));
        }
        if number == self.newest.number && segment.seal != self.newest.seal {
            return Err(bad(path, "it is not the newest segment that newest.txt names"));
        }
        Ok(())
    }
}

/// The database that is being written.
struct Target {
    path: PathBuf,
    file: File,
    /// The size after the last transaction, in bytes.
    size: Option<u64>,
}

impl Target {
    fn create(path: &Path) -> Result<Self> {
        let file = File::options().create_new(true).read(true).write(true).open(path)?;
        Ok(Self { path: path.to_owned(), file, size: None })
    }

    fn write(&mut self, frame: &[u8]) -> Result<()> {
        let (head, page) = frame.split_at_checked(FRAME_HEAD).ok_or_else(|| StoreError::Damaged("a frame is cut off".to_owned()))?;
        let place = u64::from(wal::page_number(head)).saturating_sub(1) * page.len() as u64;
        let sealed = disk::sealed(page, place)
            .ok_or_else(|| StoreError::Damaged("a frame has something where its page's checksum goes".to_owned()))?;
        self.file.write_all_at(&sealed, place)?;
        if wal::size_after(head) > 0 {
            self.size = Some(u64::from(wal::size_after(head)) * page.len() as u64);
        }
        Ok(())
    }

    /// Writes the transactions of a segment one by one, as long as they are within a bound. Says whether all of them are.
    fn step(&mut self, segment: &Segment, until: Until) -> Result<bool> {
        let frames: Vec<&[u8]> = segment.frames().collect();
        for transaction in frames.split_inclusive(|frame| wal::size_after(frame) > 0) {
            let before = self.pages(transaction)?;
            let size = self.size;
            transaction.iter().try_for_each(|frame| self.write(frame))?;
            if !until.admits(&self.reached()?) {
                before.into_iter().try_for_each(|(place, page)| self.file.write_all_at(&page, place))?;
                self.size = size;
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The pages that a transaction will write, as they are.
    fn pages(&self, transaction: &[&[u8]]) -> Result<Vec<(u64, Vec<u8>)>> {
        let end = self.file.metadata()?.len();
        let mut pages = Vec::with_capacity(transaction.len());
        for frame in transaction {
            let bytes = frame.len() - FRAME_HEAD;
            let place = u64::from(wal::page_number(frame)).saturating_sub(1) * bytes as u64;
            if place + bytes as u64 <= end {
                let mut page = vec![0; bytes];
                self.file.read_exact_at(&mut page, place)?;
                pages.push((place, page));
            }
        }
        Ok(pages)
    }

    /// How far the commits are in what is written so far.
    fn reached(&self) -> Result<Reached> {
        let connection = disk::open(&self.path, OpenFlags::default())?;
        let reached = Reached::read(&connection)?;
        connection.close().map_err(|(_, e)| e)?;
        Ok(reached)
    }

    /// Gives the file its size.
    fn finish(&self) -> Result<()> {
        Ok(self.size.map_or(Ok(()), |size| self.file.set_len(size))?)
    }
}
