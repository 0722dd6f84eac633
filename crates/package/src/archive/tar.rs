//! The `.tar` of a `.tgz`: ustar, with the long names of POSIX (pax) and GNU.

use std::io::Read;

use fhir::Issue;

use super::{Files, Gathered, no_file, too_large, unreadable};

const BLOCK: usize = 512;

/// How many bytes a header of pax or a long name may have.
const MAX_EXTENDED: u64 = 64 * 1024;

/// Reads all entries.
pub(super) fn read(mut from: impl Read, mut gathered: Gathered) -> Result<Files, Issue> {
    let mut long: Long = Long::default();
    while let Some(header) = Header::read(&mut from, &mut gathered)? {
        match header.kind {
            b'x' => long.read_pax(&extended(&mut from, &mut gathered, &header)?),
            b'L' => long.path = Some(text(&extended(&mut from, &mut gathered, &header)?)),
            // What holds for all entries names no file.
            b'g' | b'K' => drop(extended(&mut from, &mut gathered, &header)?),
            kind => {
                let Long { path, size } = std::mem::take(&mut long);
                let (path, size) = (path.unwrap_or(header.path), size.unwrap_or(header.size));
                gathered.count()?;
                match kind {
                    b'0' | b'7' | 0 if !path.ends_with('/') => {
                        gathered.file(&path, size, &mut from)?;
                        skip(&mut from, &mut gathered, padding(size))?;
                    }
                    b'5' | b'0' | 0 => {
                        super::path::checked(&path)?;
                    }
                    b'1' | b'2' => return Err(no_file(&path, "a link")),
                    b'3' | b'4' => return Err(no_file(&path, "a device")),
                    b'6' => return Err(no_file(&path, "a pipe")),
                    _ => return Err(no_file(&path, "of an unknown kind")),
                }
            }
        }
    }
    drain(&mut from, &mut gathered)?;
    gathered.finish()
}

/// Reads what stands after the end, which is nothing but zeros: only then has the packed file been read to its own end, where its checksum is.
fn drain(from: &mut impl Read, gathered: &mut Gathered) -> Result<(), Issue> {
    let mut rest = [0; BLOCK];
    loop {
        match from.read(&mut rest).map_err(|error| unreadable(format!("the archive cannot be unpacked: {error}")))? {
            0 => return Ok(()),
            count => gathered.add_bytes(count as u64)?,
        }
    }
}

/// What an entry before says of the next one.
#[derive(Default)]
struct Long {
    path: Option<String>,
    size: Option<u64>,
}

impl Long {
    /// Reads records such as `19 path=package/a.json\n`.
    fn read_pax(&mut self, mut records: &[u8]) {
        while let Some(space) = records.iter().position(|byte| *byte == b' ') {
            let length = std::str::from_utf8(&records[..space]).ok().and_then(|length| length.parse::<usize>().ok());
            let Some(record) = length.filter(|length| *length > space).and_then(|length| records.get(..length)) else { return };
            let member = text(&record[space + 1..]);
            match member.trim_end_matches('\n').split_once('=') {
                Some(("path", path)) => self.path = Some(path.to_owned()),
                Some(("size", size)) => self.size = size.parse().ok(),
                _ => {}
            }
            records = &records[record.len()..];
        }
    }
}

struct Header {
    path: String,
    size: u64,
    kind: u8,
}

impl Header {
    /// The next one; `None` at the end.
    fn read(from: &mut impl Read, gathered: &mut Gathered) -> Result<Option<Self>, Issue> {
        let mut block = [0; BLOCK];
        if !fill(from, &mut block)? || block.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        gathered.add_bytes(BLOCK as u64)?;
        // The sum of all bytes, with spaces in the place of the sum itself.
        let sum: u64 = block.iter().enumerate().map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u64::from(*byte) }).sum();
        if octal(&block[148..156]) != Some(sum) {
            return Err(unreadable("what is packed in it is no tar archive, or damaged"));
        }
        let size = octal(&block[124..136]).ok_or_else(|| unreadable("an entry says no size that a package may have"))?;
        let (name, prefix) = (text(&block[..100]), text(&block[345..500]));
        let is_posix = &block[257..263] == b"ustar\0";
        let path = if is_posix && !prefix.is_empty() { format!("{prefix}/{name}") } else { name };
        Ok(Some(Self { path, size, kind: block[156] }))
    }
}

/// The content of an entry that speaks of another one.
fn extended(from: &mut impl Read, gathered: &mut Gathered, header: &Header) -> Result<Vec<u8>, Issue> {
    if header.size > MAX_EXTENDED {
        return Err(too_large(format!("a name in it has more than {MAX_EXTENDED} bytes")));
    }
    gathered.count()?;
    let mut content = vec![0; header.size as usize];
    if !fill(from, &mut content)? && header.size > 0 {
        return Err(unreadable("the archive is not whole"));
    }
    skip(from, gathered, padding(header.size))?;
    Ok(content)
}

/// Fills the buffer; `false` when there is nothing more.
fn fill(from: &mut impl Read, buffer: &mut [u8]) -> Result<bool, Issue> {
    let mut filled = 0;
    while filled < buffer.len() {
        match from.read(&mut buffer[filled..]).map_err(|error| unreadable(format!("the archive cannot be unpacked: {error}")))? {
            0 if filled == 0 => return Ok(false),
            0 => return Err(unreadable("the archive is not whole")),
            count => filled += count,
        }
    }
    Ok(true)
}

fn padding(size: u64) -> usize {
    (size.next_multiple_of(BLOCK as u64) - size) as usize
}

fn skip(from: &mut impl Read, gathered: &mut Gathered, count: usize) -> Result<(), Issue> {
    let mut rest = [0; BLOCK];
    fill(from, &mut rest[..count])?;
    gathered.add_bytes(count as u64)
}

/// The text before the first NUL.
fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

/// The number in octal digits, with spaces or NUL around it. Sizes that need another form are larger than any package.
fn octal(bytes: &[u8]) -> Option<u64> {
    let digits = std::str::from_utf8(bytes).ok()?.trim_matches(['\0', ' ']);
    if digits.is_empty() { Some(0) } else { u64::from_str_radix(digits, 8).ok() }
}
