//! What batches have changed, so that an answer that is kept can tell whether it still holds.
//!
//! What a reader reads is noted as *marks*: numbers that stand for a key or for a range of keys. A batch puts its own number at the marks of its
//! keys before it becomes visible. What was found at some moment is what is there now, as long as no mark that was noted for it has the number
//! of a batch that the moment does not show. Several keys may share a mark: then an answer is given up without need, and never kept wrongly.
//!
//! | what is read | its mark |
//! |---|---|
//! | what the tree keeps of one resource: head, list, versions, one of its entries | the resource's |
//! | a key of another space | the key's; in a history, that history's |
//! | the entries of one value | the value's |
//! | other entries of a parameter, ids of a type | the parameter's, the type's |
//! | any other range | none: nothing is kept of it |

use std::cell::{Cell, RefCell};
use std::ops::Bound;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use lsm_tree::SeqNo;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::index::keys::{self, Space};

/// How many marks there are. The numbers at them take 4 MiB, once they are written.
const MARKS: usize = ROW * ROWS;

/// They are made in rows: a row is zeroed at once, where an atomic number after the other would be written.
const ROW: usize = 1 << 9;
const ROWS: usize = 1 << 10;

/// How many marks are noted for an answer; of one that needs more nothing is kept.
const MOST_NOTED: usize = 4096;

/// How many changes of a batch are marked one by one; a larger one ends all that is kept.
const MOST_MARKED: usize = 1 << 14;

/// The numbers of the batches that changed something last, by marks.
pub(super) struct Marks {
    /// Made when something is about to be kept for the first time: until then every batch raises the floor.
    numbers: OnceLock<Box<[[AtomicU64; ROW]]>>,
    /// What was found at a moment before this one does not hold.
    floor: AtomicU64,
    /// Whether something was kept since all that was kept was given up.
    is_watched: AtomicBool,
}

/// What a mark stands for. One name may stand for several things.
#[derive(Clone, Copy)]
enum Of {
    Key,
    Resource,
    Group,
    Value,
}

fn mark(of: Of, name: &[u8]) -> u32 {
    (xxh3_64_with_seed(name, of as u64) % MARKS as u64) as u32
}

/// The space of a key.
fn is_of(key: &[u8], spaces: &[Space]) -> bool {
    spaces.iter().any(|space| key.first() == Some(&(*space as u8)))
}

/// What all keys with one group's mark begin with: a parameter in the entries, a type elsewhere.
fn group(key: &[u8]) -> Option<&[u8]> {
    key.get(..if is_of(key, &[Space::Entries]) { keys::VALUE } else { keys::CURRENT_ID })
}

/// The mark under which one key is read.
fn read_mark(key: &[u8]) -> Option<u32> {
    if is_of(key, &[Space::Resources, Space::Lists, Space::Versions]) {
        return Some(mark(Of::Resource, key.get(1..keys::NUMBER_END)?));
    }
    if is_of(key, &[Space::Entries]) {
        let (_, resource) = keys::tail_parts(keys::split_tail(key).ok()?.1);
        let name = keys::resource(keys::tenant_of(key).ok()?, resource);
        return Some(mark(Of::Resource, name.get(1..)?));
    }
    if is_of(key, &[Space::History, Space::Erased]) { Some(mark(Of::Group, group(key)?)) } else { Some(mark(Of::Key, key)) }
}

/// The mark of a range that lies in one group.
fn range_mark(start: Bound<&[u8]>, end: Bound<&[u8]>) -> Option<u32> {
    if !is_of(first_of(start)?, &[Space::Entries, Space::Current, Space::History, Space::Erased]) {
        return None;
    }
    let group = group(first_of(start)?)?;
    let is_inside = match end {
        Bound::Included(end) => end.starts_with(group),
        Bound::Excluded(end) => end.starts_with(group) || is_next(group, end),
        Bound::Unbounded => false,
    };
    is_inside.then(|| mark(Of::Group, group))
}

fn first_of(start: Bound<&[u8]>) -> Option<&[u8]> {
    match start {
        Bound::Included(key) | Bound::Excluded(key) => Some(key),
        Bound::Unbounded => None,
    }
}

/// Whether `end` is the first key behind all that begin with `prefix`.
fn is_next(prefix: &[u8], end: &[u8]) -> bool {
    let kept = prefix.iter().rposition(|byte| *byte < u8::MAX);
    let next = kept.and_then(|place| Some((prefix.get(..place)?, *prefix.get(place)? + 1)));
    next.is_some_and(|(begin, last)| end.split_last() == Some((&last, begin)))
}

impl Marks {
    pub(super) fn new() -> Self {
        Self { numbers: OnceLock::new(), floor: AtomicU64::new(0), is_watched: AtomicBool::new(false) }
    }

    /// Marks what a batch changes, before it becomes visible.
    pub(super) fn change<'k>(&self, number: SeqNo, count: usize, keys: impl Iterator<Item = &'k [u8]>) {
        if count > MOST_MARKED {
            self.is_watched.store(false, Ordering::SeqCst);
        }
        if !self.is_watched.load(Ordering::SeqCst) {
            self.floor.fetch_max(number + 1, Ordering::SeqCst);
            return;
        }
        let (mut group_before, mut value_before): (&[u8], &[u8]) = (&[], &[]);
        for key in keys {
            if !is_of(key, &[Space::Entries]) {
                self.put(read_mark(key), number);
                if is_of(key, &[Space::Current]) {
                    self.put(group(key).map(|group| mark(Of::Group, group)), number);
                }
                continue;
            }
            // Keys come in order: neighbours often have the same parameter, or the same value.
            if let Some(group) = group(key).filter(|group| *group != group_before) {
                self.put(Some(mark(Of::Group, group)), number);
                group_before = group;
            }
            let value = key.split_last_chunk::<{ keys::TAIL }>().map_or(key, |(value, _)| value);
            if value != value_before {
                self.put(Some(mark(Of::Value, value)), number);
                value_before = value;
            }
        }
    }

    fn put(&self, mark: Option<u32>, number: SeqNo) {
        match mark.and_then(|mark| self.numbers.get()?.as_flattened().get(mark as usize)) {
            Some(place) => place.store(number + 1, Ordering::Release),
            // No key is without a mark; one that were must not be passed over.
            None => drop(self.floor.fetch_max(number + 1, Ordering::SeqCst)),
        }
    }

    /// Whether no batch since a moment has put its number at the mark.
    fn is_before(&self, mark: u32, moment: SeqNo) -> bool {
        let Some(numbers) = self.numbers.get() else { return true };
        numbers.as_flattened().get(mark as usize).is_some_and(|number| number.load(Ordering::Acquire) <= moment)
    }

    /// Whether what was noted is still what is there.
    pub(super) fn hold(&self, noted: &Noted) -> bool {
        self.floor.load(Ordering::SeqCst) <= noted.moment && noted.marks.iter().all(|mark| self.is_before(*mark, noted.moment))
    }

    /// Whether no batch has changed the key since a moment.
    pub(super) fn is_unchanged(&self, key: &[u8], moment: SeqNo) -> bool {
        self.floor.load(Ordering::SeqCst) <= moment && read_mark(key).is_some_and(|mark| self.is_before(mark, moment))
    }

    /// Batches are marked from now on: something is about to be kept.
    pub(super) fn watch(&self) {
        if !self.is_watched.load(Ordering::SeqCst) {
            self.numbers.get_or_init(|| (0..ROWS).map(|_| [const { AtomicU64::new(0) }; ROW]).collect());
            self.is_watched.store(true, Ordering::SeqCst);
        }
    }
}

/// What was read at a moment.
#[derive(Clone, Debug)]
pub(crate) struct Noted {
    moment: SeqNo,
    marks: Box<[u32]>,
}

impl Noted {
    /// How many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.marks)
    }
}

/// Notes what is read of a snapshot.
#[derive(Default)]
pub(super) struct Notes {
    is_on: Cell<bool>,
    /// Whether something was read that has no mark, or too much.
    is_lost: Cell<bool>,
    marks: RefCell<Vec<u32>>,
}

impl Notes {
    /// Notes from now on, or not.
    pub(super) fn set(&self, is_on: bool) -> bool {
        self.is_on.replace(is_on)
    }

    pub(super) fn is_on(&self) -> bool {
        self.is_on.get()
    }

    /// One key is read.
    pub(super) fn key(&self, key: &[u8]) {
        if self.is_on.get() {
            self.add(read_mark(key));
        }
    }

    /// The keys in a range are read.
    pub(super) fn range(&self, start: Bound<&[u8]>, end: Bound<&[u8]>) {
        if self.is_on.get() {
            self.add(range_mark(start, end));
        }
    }

    /// The entries of one value are read.
    pub(super) fn value(&self, value: &[u8]) {
        if self.is_on.get() {
            self.add(Some(mark(Of::Value, value)));
        }
    }

    /// Keys that begin so are read.
    pub(super) fn prefix(&self, prefix: &[u8]) {
        if self.is_on.get() {
            let is_resource = is_of(prefix, &[Space::Versions]) && prefix.len() == keys::NUMBER_END;
            let is_group = is_of(prefix, &[Space::Entries, Space::Current, Space::History, Space::Erased]);
            let of_group = || group(prefix).filter(|_| is_group).map(|group| mark(Of::Group, group));
            self.add(if is_resource { read_mark(prefix) } else { of_group() });
        }
    }

    fn add(&self, mark: Option<u32>) {
        let mut marks = self.marks.borrow_mut();
        match mark {
            Some(mark) if marks.last() == Some(&mark) => {}
            Some(mark) if marks.len() < MOST_NOTED => marks.push(mark),
            _ => self.is_lost.set(true),
        }
    }

    /// What was read at `moment`; `None` when that cannot be said.
    pub(super) fn take(&self, moment: SeqNo) -> Option<Noted> {
        let mut marks = self.marks.take();
        marks.sort_unstable();
        marks.dedup();
        (!self.is_lost.get()).then(|| Noted { moment, marks: marks.into() })
    }
}
