//! One thing that a process did to the folder, and its form in a trace: length, kind, numbers, texts, and bytes to the end.

use std::fmt;
use std::str::FromStr;

/// What is watched and can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// A file or folder is opened.
    Open,
    /// A file is read.
    Read,
    /// A file is written.
    Write,
    /// A file gets another length.
    Truncate,
    /// A file or folder is synced.
    Sync,
    /// A name is given, changed or taken away.
    Name,
}

/// All of them, with the words for them.
const OPERATIONS: [(Operation, &str); 6] = [
    (Operation::Open, "open"),
    (Operation::Read, "read"),
    (Operation::Write, "write"),
    (Operation::Truncate, "truncate"),
    (Operation::Sync, "sync"),
    (Operation::Name, "name"),
];

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = OPERATIONS.iter().find(|(operation, _)| operation == self).map_or("", |(_, word)| word);
        f.write_str(word)
    }
}

impl FromStr for Operation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = OPERATIONS.iter().find(|(_, word)| *word == text);
        found.map(|(operation, _)| *operation).ok_or_else(|| format!("no operation is called {text}"))
    }
}

/// One thing that a process did, or that a test noted. Paths are relative to the folder; a file is meant by its inode, since its name changes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are what their names say")]
pub enum Record {
    /// A file was opened.
    Opened { inode: u64, path: String, created: bool, emptied: bool },
    /// Bytes were written to a file.
    Written { inode: u64, at: u64, bytes: Vec<u8> },
    /// A file got another length.
    Resized { inode: u64, length: u64 },
    /// A file was read.
    Read { inode: u64 },
    /// The sync of a file began.
    SyncBegun { number: u64, inode: u64 },
    /// The sync of a folder began.
    FolderSyncBegun { number: u64, path: String },
    /// A sync ended well.
    SyncDone { number: u64 },
    /// A folder was made.
    FolderMade { path: String },
    /// A file or folder was renamed; what had the new name is gone.
    Renamed { from: String, to: String },
    /// A file got a second name.
    Linked { from: String, to: String },
    /// A name was taken away, of a file or an empty folder.
    Removed { path: String },
    /// An operation was made to fail.
    Failed { operation: Operation, path: String },
    /// A test noted something.
    Marked { text: String },
}

impl Record {
    /// The operation that it is; `None` for what is no operation of the process, or the end of one.
    pub fn operation(&self) -> Option<Operation> {
        match self {
            Record::Opened { .. } => Some(Operation::Open),
            Record::Written { .. } => Some(Operation::Write),
            Record::Resized { .. } => Some(Operation::Truncate),
            Record::Read { .. } => Some(Operation::Read),
            Record::SyncBegun { .. } | Record::FolderSyncBegun { .. } => Some(Operation::Sync),
            Record::FolderMade { .. } | Record::Renamed { .. } | Record::Linked { .. } | Record::Removed { .. } => Some(Operation::Name),
            Record::SyncDone { .. } | Record::Failed { .. } | Record::Marked { .. } => None,
        }
    }

    /// Its form in a trace.
    pub fn encode(&self) -> Vec<u8> {
        let mut form = Form(vec![0; 4]);
        match self {
            Record::Opened { inode, path, created, emptied } => {
                form.kind(1).number(*inode).number(u64::from(*created)).number(u64::from(*emptied)).rest(path.as_bytes())
            }
            Record::Written { inode, at, bytes } => form.kind(2).number(*inode).number(*at).rest(bytes),
            Record::Resized { inode, length } => form.kind(3).number(*inode).number(*length),
            Record::Read { inode } => form.kind(4).number(*inode),
            Record::SyncBegun { number, inode } => form.kind(5).number(*number).number(*inode),
            Record::FolderSyncBegun { number, path } => form.kind(6).number(*number).rest(path.as_bytes()),
            Record::SyncDone { number } => form.kind(7).number(*number),
            Record::FolderMade { path } => form.kind(8).rest(path.as_bytes()),
            Record::Renamed { from, to } => form.kind(9).pair(from, to),
            Record::Linked { from, to } => form.kind(10).pair(from, to),
            Record::Removed { path } => form.kind(11).rest(path.as_bytes()),
            Record::Failed { operation, path } => form.kind(12).pair(&operation.to_string(), path),
            Record::Marked { text } => form.kind(13).rest(text.as_bytes()),
        };
        let length = (form.0.len() - 4) as u32;
        form.0[..4].copy_from_slice(&length.to_le_bytes());
        form.0
    }

    /// The record at the beginning of `bytes`, and what follows it; `None` when there is no whole one.
    pub fn decode(bytes: &[u8]) -> Option<(Record, &[u8])> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (body, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let (kind, body) = body.split_first()?;
        let mut body = Parts(body);
        let record = match kind {
            1 => {
                let (inode, created, emptied) = (body.number()?, body.number()? != 0, body.number()? != 0);
                Record::Opened { inode, created, emptied, path: body.text()? }
            }
            2 => Record::Written { inode: body.number()?, at: body.number()?, bytes: body.0.to_vec() },
            3 => Record::Resized { inode: body.number()?, length: body.number()? },
            4 => Record::Read { inode: body.number()? },
            5 => Record::SyncBegun { number: body.number()?, inode: body.number()? },
            6 => Record::FolderSyncBegun { number: body.number()?, path: body.text()? },
            7 => Record::SyncDone { number: body.number()? },
            8 => Record::FolderMade { path: body.text()? },
            9 => body.pair().map(|(from, to)| Record::Renamed { from, to })?,
            10 => body.pair().map(|(from, to)| Record::Linked { from, to })?,
            11 => Record::Removed { path: body.text()? },
            12 => body.pair().and_then(|(operation, path)| Some(Record::Failed { operation: operation.parse().ok()?, path }))?,
            13 => Record::Marked { text: body.text()? },
            _ => return None,
        };
        Some((record, rest))
    }
}

/// What a record is written into.
struct Form(Vec<u8>);

impl Form {
    fn kind(&mut self, kind: u8) -> &mut Self {
        self.0.push(kind);
        self
    }

    fn number(&mut self, number: u64) -> &mut Self {
        self.0.extend_from_slice(&number.to_le_bytes());
        self
    }

    fn pair(&mut self, first: &str, second: &str) -> &mut Self {
        self.number(first.len() as u64).rest(first.as_bytes()).rest(second.as_bytes())
    }

    fn rest(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }
}

/// What a record is read from.
struct Parts<'a>(&'a [u8]);

impl Parts<'_> {
    fn number(&mut self) -> Option<u64> {
        let (number, rest) = self.0.split_first_chunk::<8>()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*number))
    }

    fn text(&self) -> Option<String> {
        String::from_utf8(self.0.to_vec()).ok()
    }

    fn pair(&mut self) -> Option<(String, String)> {
        let length = self.number()? as usize;
        let (first, second) = self.0.split_at_checked(length)?;
        Some((String::from_utf8(first.to_vec()).ok()?, String::from_utf8(second.to_vec()).ok()?))
    }
}
