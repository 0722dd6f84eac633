//! Frames: `length (4) | first 8 bytes of the SHA-256 of the content | content`.

use std::path::Path;

use aws_lc_rs::digest;

use crate::error::{Result, VaultError};
use crate::record::Item;

/// What the file begins with.
pub(super) const MAGIC: &[u8] = b"ward keys 1\n";

const HEAD_BYTES: usize = 12;

/// The items of a file, and how many of its bytes are whole: the last frame may be cut off, and so may the beginning of a file that was being made.
pub(super) fn whole(path: &Path, bytes: &[u8]) -> Result<(Vec<Item>, u64)> {
    let damaged = |at: usize| {
        VaultError::Records(format!("{} is damaged at byte {at}: put back a copy of it, with the newest list of erasures", path.display()))
    };
    if bytes.len() < MAGIC.len() {
        return Ok((Vec::new(), 0));
    }
    let mut rest = bytes.strip_prefix(MAGIC).ok_or_else(|| damaged(0))?;
    let mut items = Vec::new();
    while !rest.is_empty() {
        let at = bytes.len() - rest.len();
        let Some(mut content) = frame(&mut rest) else {
            return if is_inside(rest) { Err(damaged(at)) } else { Ok((items, at as u64)) };
        };
        while !content.is_empty() {
            items.push(Item::read(&mut content).ok_or_else(|| damaged(at))?);
        }
    }
    Ok((items, bytes.len() as u64))
}

/// A frame with this content.
pub(super) fn framed(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEAD_BYTES + content.len());
    out.extend_from_slice(&(content.len() as u32).to_be_bytes());
    out.extend_from_slice(&mark(content));
    out.extend_from_slice(content);
    out
}

/// Takes a whole frame off the front.
fn frame<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(HEAD_BYTES)?;
    let (length, expected) = head.split_first_chunk::<4>()?;
    let length = u32::from_be_bytes(*length) as usize;
    let (content, tail) = tail.split_at_checked(length).filter(|_| length > 0)?;
    if mark(content) != expected {
        return None;
    }
    *rest = tail;
    Some(content)
}

/// Whether a frame that is not whole has others after it: then it was whole once.
fn is_inside(rest: &[u8]) -> bool {
    let length = rest.split_first_chunk::<4>().map_or(0, |(length, _)| u32::from_be_bytes(*length) as usize);
    length > 0 && HEAD_BYTES + length < rest.len()
}

fn mark(content: &[u8]) -> [u8; 8] {
    let mut out = [0; 8];
    out.copy_from_slice(digest::digest(&digest::SHA256, content).as_ref().split_at(8).0);
    out
}
