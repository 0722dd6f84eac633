//! Rows that wait to be written, encoded for the places where they will stand.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use access::Principal;
use tokio::sync::Notify;

use super::format::{self, FRAME_BYTES, FileId};
use super::seal::Seal;
use super::{JournalError, Settings, row};
use crate::happening::{Entity, Happening};

/// How many principals are known by their numbers at once; beyond it all are told of again.
const MOST_KNOWN: usize = 4096;
/// How many entities one row has; more are told of in further rows.
const MOST_ENTITIES: usize = 10_000;

/// Rows that are written together, or refused together.
#[derive(Default)]
pub(super) struct Group {
    pub(super) outcome: OnceLock<Result<(), JournalError>>,
    /// Tells all who wait that there is an outcome, or one of them that nobody is writing.
    pub(super) done: Notify,
}

impl Group {
    /// Tells those whose rows these are what came of it.
    pub(super) fn end(&self, outcome: Result<(), JournalError>) {
        let _ = self.outcome.set(outcome);
        self.done.notify_waiters();
    }
}

/// Rows that stand one behind the other in one file.
pub(super) struct Segment {
    pub(super) number: u32,
    pub(super) start: u64,
    pub(super) bytes: Vec<u8>,
}

/// The rows that wait.
pub(super) struct Queue {
    journal: u64,
    seal: Option<Arc<Seal>>,
    group: Arc<Group>,
    segments: Vec<Segment>,
    waiting: usize,
    /// Where the next row will stand.
    number: u32,
    end: u64,
    /// Those who were told of in this file, by where they are in memory: they stay there as long as they are kept here.
    known: HashMap<usize, (Arc<Principal>, u64)>,
    /// The same by who they are, for one that was made anew.
    numbers: HashMap<Arc<Principal>, u64>,
    last_known: u64,
    /// Why nothing is taken any more.
    pub(super) failed: Option<JournalError>,
}

impl Queue {
    pub(super) fn new(id: FileId, seal: Option<Arc<Seal>>) -> Self {
        Self {
            journal: id.journal,
            end: format::start(seal.as_deref()),
            seal,
            group: Arc::default(),
            segments: Vec::new(),
            waiting: 0,
            number: id.number,
            known: HashMap::new(),
            numbers: HashMap::new(),
            last_known: 0,
            failed: None,
        }
    }

    /// How many bytes wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }

    /// Adds the rows of a happening. Returns the group that they are written with.
    pub(super) fn add(&mut self, happening: &Happening, settings: &Settings) -> Result<Arc<Group>, JournalError> {
        if let Some(failed) = &self.failed {
            return Err(failed.clone());
        }
        if self.waiting > settings.most_waiting_bytes {
            return Err(JournalError::Busy);
        }
        if self.end > settings.most_file_bytes {
            (self.number, self.end) = (self.number + 1, format::start(self.seal.as_deref()));
            self.forget();
        }
        let who = happening.who.as_ref().map_or(0, |who| self.number_of(who));
        if happening.entities.len() <= MOST_ENTITIES {
            self.push(|out| row::put_happening(out, happening, who, &happening.entities));
        } else {
            happening
                .entities
                .chunks(MOST_ENTITIES)
                .for_each(|part: &[Entity]| self.push(|out| row::put_happening(out, happening, who, part)));
        }
        Ok(self.group.clone())
    }

    /// The number of a principal, told of in this file.
    fn number_of(&mut self, who: &Arc<Principal>) -> u64 {
        let address = Arc::as_ptr(who) as usize;
        if let Some((_, number)) = self.known.get(&address) {
            return *number;
        }
        if self.known.len() >= MOST_KNOWN {
            self.forget();
        }
        let number = match self.numbers.get(who) {
            Some(number) => *number,
            None => {
                self.last_known += 1;
                let number = self.last_known;
                self.push(|out| row::put_principal(out, number, who));
                self.numbers.insert(who.clone(), number);
                number
            }
        };
        self.known.insert(address, (who.clone(), number));
        number
    }

    /// Nobody is known any more, as in a new file.
    fn forget(&mut self) {
        self.known.clear();
        self.numbers.clear();
    }

    fn push(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        if self.segments.last().is_none_or(|last| last.number != self.number) {
            self.segments.push(Segment { number: self.number, start: self.end, bytes: Vec::with_capacity(4096) });
        }
        let Some(segment) = self.segments.last_mut() else { return };
        let start = FileId::begin(&mut segment.bytes);
        write(&mut segment.bytes);
        let file = FileId { journal: self.journal, number: self.number };
        if let Some(seal) = &self.seal {
            seal.close(file, self.end, &mut segment.bytes, start + FRAME_BYTES);
        }
        file.finish(&mut segment.bytes, start, self.end);
        let length = segment.bytes.len() - start;
        self.end += length as u64;
        self.waiting += length;
    }

    /// Takes all that waits.
    pub(super) fn take(&mut self) -> (Arc<Group>, Vec<Segment>) {
        self.waiting = 0;
        (std::mem::take(&mut self.group), std::mem::take(&mut self.segments))
    }

    /// Tells one of those whose rows wait that nobody is writing.
    pub(super) fn wake_one(&self) {
        if !self.segments.is_empty() {
            self.group.done.notify_one();
        }
    }

    /// Goes back to a place, because what was to stand there and after it was not written, and refuses what waits.
    pub(super) fn go_back(&mut self, number: u32, end: u64, why: &JournalError) {
        let (group, _) = self.take();
        group.end(Err(why.clone()));
        (self.number, self.end) = (number, end);
        self.forget();
    }
}
