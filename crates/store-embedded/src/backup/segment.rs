//! A segment: committed frames of the write-ahead log, with what came before it. Its pages have no checksums of their own: they would be those of the log, and the
//! segment has one of all it holds.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use store::commit::{Instant, Sequence, Tenant};
use xxhash_rust::xxh3::xxh3_128;

use super::sealed::{self, Draft, Fields, Seal, bad};
use crate::error::Result;
use crate::truth::{sql, wal};

const KIND: &str = "ward segment 1";

/// The level of compression: pages that are written again and again shrink to little at any.
const LEVEL: i32 = 1;

/// More bytes of frames are in no segment, as a guard against damage.
const MOST_BYTES: usize = 1 << 31;

/// How far the commits are: the last of each tenant, and when the last of all was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reached {
    pub(crate) at: Instant,
    /// Sorted by tenant.
    pub(crate) commits: Vec<(Tenant, Sequence)>,
}

impl Reached {
    /// How far a database is.
    pub(crate) fn read(connection: &Connection) -> Result<Self> {
        let mut reached = Self::default();
        let mut statement = connection.prepare(sql::ALL_TENANTS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            reached.commits.push((Tenant(row.get(0)?), row.get::<_, i64>(1)? as u64));
            reached.at = reached.at.max(row.get(2)?);
        }
        reached.commits.sort_unstable();
        Ok(reached)
    }

    pub(crate) fn draft(&self, draft: Draft) -> Draft {
        let commits: Vec<String> = self.commits.iter().map(|(tenant, sequence)| format!("{}:{sequence}", tenant.0)).collect();
        draft.line("until", self.at).line("commits", if commits.is_empty() { "none".to_owned() } else { commits.join(",") })
    }

    pub(crate) fn of(fields: &Fields<'_>, path: &Path) -> Result<Self> {
        let one = |text: &str| {
            let (tenant, sequence) = text.split_once(':')?;
            Some((Tenant(tenant.parse().ok()?), sequence.parse().ok()?))
        };
        let commits = match fields.text("commits")? {
            "none" => Some(Vec::new()),
            some => some.split(',').map(one).collect(),
        };
        Ok(Self { at: fields.number("until")?, commits: commits.ok_or_else(|| bad(path, "its commits are no numbers"))? })
    }

    /// The last commit of a tenant; 0 when there is none.
    pub(crate) fn commit(&self, tenant: Tenant) -> Sequence {
        self.commits.iter().find(|(known, _)| *known == tenant).map_or(0, |(_, sequence)| *sequence)
    }
}

/// What a segment says of itself.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// Its place in the chain, from 1 on.
    pub(crate) number: u64,
    /// The seal of the segment before it; of the first, that of the chain.
    pub(crate) after: Seal,
    /// When the last commit before it was.
    pub(crate) from: Instant,
    /// How far the commits are with it.
    pub(crate) reached: Reached,
    /// Where in its log it begins, in frames.
    pub(crate) first: u32,
    /// How many frames it has.
    pub(crate) count: u32,
    pub(crate) page_bytes: usize,
}

/// A segment that was read and is what was written.
pub(crate) struct Segment {
    pub(crate) head: Head,
    pub(crate) seal: Seal,
    pub(crate) frames: Vec<u8>,
}

/// The path of a segment in its folder.
pub(crate) fn path_in(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:010}.segment"))
}

/// Writes a segment, durably, and gives its seal.
pub(crate) fn write(folder: &Path, head: &Head, frames: &[u8]) -> Result<Seal> {
    let body = zstd::bulk::compress(frames, LEVEL)?;
    let draft = Draft::new(KIND).line("number", head.number).line("after", format!("{:032x}", head.after)).line("from", head.from);
    let (text, seal) = head
        .reached
        .draft(draft)
        .line("first", head.first)
        .line("frames", head.count)
        .line("page", head.page_bytes)
        .line("bytes", body.len())
        .line("content", format!("{:032x}", xxh3_128(&body)))
        .sealed();
    sealed::write_whole(&path_in(folder, head.number), &[text.as_bytes(), &body])?;
    Ok(seal)
}

/// Reads a segment. `is_trusted` leaves out whether it is what was written.
pub(crate) fn read(path: &Path, is_trusted: bool) -> Result<Segment> {
    let bytes = std::fs::read(path).map_err(|e| bad(path, &format!("it cannot be read: {e}")))?;
    let (fields, body) = sealed::open(path, KIND, &bytes, is_trusted)?;
    let head = Head {
        number: fields.number("number")?,
        after: fields.hash("after")?,
        from: fields.number("from")?,
        reached: Reached::of(&fields, path)?,
        first: fields.number("first")?,
        count: fields.number("frames")?,
        page_bytes: fields.number("page")?,
    };
    let is_whole = body.len() == fields.number::<usize>("bytes")? && xxh3_128(body) == fields.hash("content")?;
    if !is_trusted && !is_whole {
        return Err(bad(path, "its content is not what was written"));
    }
    let size = (head.count as usize).saturating_mul(wal::FRAME_HEAD + head.page_bytes);
    let frames = zstd::bulk::decompress(body, size.min(MOST_BYTES)).map_err(|e| bad(path, &format!("it cannot be decompressed: {e}")))?;
    if frames.len() != size || head.page_bytes == 0 {
        return Err(bad(path, "it has another number of frames than it says"));
    }
    Ok(Segment { head, seal: fields.seal, frames })
}

impl Segment {
    /// Its frames, one after the other.
    pub(crate) fn frames(&self) -> impl Iterator<Item = &[u8]> {
        self.frames.chunks_exact(wal::FRAME_HEAD + self.head.page_bytes)
    }
}
