//! The first pass: the facts, sorted by code, become numbered concepts.

use std::collections::HashSet;
use std::io;
use std::path::Path;

use super::sorter::{Sorted, Sorter};
use super::spill::Spill;
use super::texts::Vocabulary;
use super::{Fact, Summary, limit};
use crate::limits::MAX_CONCEPTS;
use crate::table::layout::{FileWriter, Section};
use crate::table::records::RecordsWriter;
use crate::table::varint;
use crate::{Concept, Failure, words};

/// What is known after the first pass. A concept is its number from here on; where others are named, it is still by their codes.
pub struct Gathered {
    pub codes: RecordsWriter<Vec<u8>>,
    pub flags: Flags,
    pub vocabulary: Vocabulary,
    /// A piece a concept: its designations, as in the file but with plain texts.
    pub texts: Spill,
    /// How many words each display has.
    pub display_lengths: Vec<u8>,
    /// Word, NUL, concept, and whether the word is missing in its display.
    pub words: Sorter,
    /// Property, value, NUL, concept.
    pub values: Sorter,
    /// Concept, code of its parent.
    pub parents: Spill,
    /// Concept, and what [`super::Writer::relation`] was told.
    pub relations: Spill,
    /// Concept, code of the set.
    pub members: Spill,
}

/// Two bits for each concept.
#[derive(Default)]
pub struct Flags {
    inactive: Vec<u8>,
    abstracts: Vec<u8>,
}

impl Flags {
    pub fn write(&self, out: &mut FileWriter) -> io::Result<()> {
        out.bytes(Section::Flags, &[self.inactive.as_slice(), &self.abstracts].concat())
    }
}

impl Gathered {
    /// How many concepts there are.
    pub fn count(&self) -> usize {
        self.codes.len()
    }

    fn new(folder: &Path) -> Result<Self, Failure> {
        Ok(Self {
            codes: RecordsWriter::new(Vec::new()),
            flags: Flags::default(),
            vocabulary: Vocabulary::default(),
            texts: Spill::new(folder)?,
            display_lengths: Vec::new(),
            words: Sorter::new(folder),
            values: Sorter::new(folder),
            parents: Spill::new(folder)?,
            relations: Spill::new(folder)?,
            members: Spill::new(folder)?,
        })
    }
}

/// Reads the facts.
pub fn gather(mut facts: Sorted, folder: &Path, summary: &mut Summary) -> Result<Gathered, Failure> {
    let mut gathering =
        Gathering { gathered: Gathered::new(folder)?, code: Vec::new(), is_concept: false, texts: Vec::new(), seen: HashSet::new() };
    let mut piece = Vec::new();
    let mut before: Option<Vec<u8>> = None;
    while facts.next(&mut piece)? {
        // The same fact twice is one fact.
        if before.as_ref() == Some(&piece) {
            continue;
        }
        let mut parts = piece.splitn(2, |byte| *byte == 0);
        let (code, fact) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if code != gathering.code || before.is_none() {
            gathering.end()?;
            gathering.begin(code, fact[0] == Fact::Exists as u8)?;
            summary.concepts += u64::from(gathering.is_concept);
        }
        if gathering.is_concept {
            gathering.take(fact, summary)?;
        } else {
            summary.left_out += 1;
        }
        before.get_or_insert_default().clone_from(&piece);
    }
    gathering.end()?;
    Ok(gathering.gathered)
}

/// A concept, while its facts come in.
struct Gathering {
    gathered: Gathered,
    code: Vec<u8>,
    is_concept: bool,
    texts: Vec<u8>,
    /// Language, use and text of each designation, so that none comes in twice.
    seen: HashSet<Vec<u8>>,
}

impl Gathering {
    fn concept(&self) -> Concept {
        self.gathered.codes.len() as Concept - 1
    }

    fn begin(&mut self, code: &[u8], is_concept: bool) -> Result<(), Failure> {
        self.code.clear();
        self.code.extend_from_slice(code);
        self.is_concept = is_concept;
        if !is_concept {
            return Ok(());
        }
        limit("concepts", self.gathered.codes.len() + 1, MAX_CONCEPTS)?;
        self.gathered.codes.push(code).map_err(|_| Failure::Limit { what: "bytes of all codes", most: u64::from(u32::MAX) })?;
        self.gathered.display_lengths.push(0);
        if self.concept().is_multiple_of(8) {
            self.gathered.flags.inactive.push(0);
            self.gathered.flags.abstracts.push(0);
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Failure> {
        if self.is_concept {
            self.gathered.texts.push(&self.texts)?;
        }
        self.texts.clear();
        self.seen.clear();
        Ok(())
    }

    fn take(&mut self, fact: &[u8], summary: &mut Summary) -> Result<(), Failure> {
        let concept = self.concept();
        let (place, bit) = (concept as usize / 8, 1 << (concept % 8));
        let rest = &fact[1..];
        let numbered = || [&concept.to_be_bytes(), rest].concat();
        let gathered = &mut self.gathered;
        match fact[0] {
            kind if kind == Fact::Exists as u8 => {}
            kind if kind == Fact::Inactive as u8 => gathered.flags.inactive[place] |= bit,
            kind if kind == Fact::Abstract as u8 => gathered.flags.abstracts[place] |= bit,
            kind if kind == Fact::Designation as u8 => {
                if self.seen.insert(rest[5..].to_vec()) {
                    summary.designations += 1;
                    self.designation(rest)?;
                }
            }
            kind if kind == Fact::Parent as u8 => gathered.parents.push(&numbered())?,
            kind if kind == Fact::Value as u8 => {
                summary.values += 1;
                gathered.values.push(&[rest, &[0], &concept.to_be_bytes()].concat())?;
            }
            kind if kind == Fact::Relation as u8 => gathered.relations.push(&numbered())?,
            _ => gathered.members.push(&numbered())?,
        }
        Ok(())
    }

    /// Rank, sequence, language, use, text.
    fn designation(&mut self, fact: &[u8]) -> Result<(), Failure> {
        let number = |at: usize| u64::from(u16::from_be_bytes([fact[at], fact[at + 1]]));
        let (is_preferred, text) = (fact[0] < super::Rank::Other as u8, &fact[9..]);
        varint::put(&mut self.texts, number(5));
        varint::put(&mut self.texts, number(7) * 2 + u64::from(is_preferred));
        varint::put_text(&mut self.texts, text);
        let is_display = self.seen.len() == 1;
        let text = std::str::from_utf8(text).unwrap_or_default();
        self.gathered.vocabulary.count(text);
        let concept = self.concept();
        let mut length = 0usize;
        let mut pushed = Ok(());
        words::each(text, |word| {
            length += 1;
            if pushed.is_ok() {
                let entry = concept * 2 + u32::from(!is_display);
                pushed = self.gathered.words.push(&[word.as_bytes(), &[0], &entry.to_be_bytes()].concat());
            }
        });
        if is_display {
            self.gathered.display_lengths[concept as usize] = length.min(255) as u8;
        }
        pushed
    }
}
