//! Small values in few bytes, and back.

use std::net::IpAddr;

use store::encoding::varint;

/// Appends a text: its length, then its bytes.
pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    varint::put(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Appends a text that may be missing: its length and 1, then its bytes; 0 when it is.
pub(super) fn put_option(out: &mut Vec<u8>, text: Option<&str>) {
    match text {
        Some(text) => {
            varint::put(out, text.len() as u64 + 1);
            out.extend_from_slice(text.as_bytes());
        }
        None => out.push(0),
    }
}

/// Appends an address: how many bytes it has, then these.
pub(super) fn put_address(out: &mut Vec<u8>, address: Option<IpAddr>) {
    match address {
        None => out.push(0),
        Some(IpAddr::V4(address)) => {
            out.push(4);
            out.extend_from_slice(&address.octets());
        }
        Some(IpAddr::V6(address)) => {
            out.push(16);
            out.extend_from_slice(&address.octets());
        }
    }
}

/// Takes some bytes off the beginning; `None` when there are not so many.
pub(super) fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(count)?;
    *bytes = rest;
    Some(taken)
}

/// Takes one byte.
pub(super) fn take_byte(bytes: &mut &[u8]) -> Option<u8> {
    take(bytes, 1).map(|taken| taken[0])
}

/// Takes a number of things that follow: none can be more than there are bytes.
pub(super) fn take_count(bytes: &mut &[u8]) -> Option<usize> {
    let count = usize::try_from(varint::take(bytes)?).ok()?;
    (count <= bytes.len()).then_some(count)
}

/// Takes what [`put_text`] wrote.
pub(super) fn take_text(bytes: &mut &[u8]) -> Option<Box<str>> {
    let length = usize::try_from(varint::take(bytes)?).ok()?;
    std::str::from_utf8(take(bytes, length)?).ok().map(Box::from)
}

/// Takes what [`put_option`] wrote.
pub(super) fn take_option(bytes: &mut &[u8]) -> Option<Option<Box<str>>> {
    let Some(length) = usize::try_from(varint::take(bytes)?).ok()?.checked_sub(1) else { return Some(None) };
    std::str::from_utf8(take(bytes, length)?).ok().map(|text| Some(Box::from(text)))
}

/// Takes what [`put_address`] wrote.
pub(super) fn take_address(bytes: &mut &[u8]) -> Option<Option<IpAddr>> {
    match take_byte(bytes)? {
        0 => Some(None),
        4 => Some(Some(IpAddr::from(<[u8; 4]>::try_from(take(bytes, 4)?).ok()?))),
        16 => Some(Some(IpAddr::from(<[u8; 16]>::try_from(take(bytes, 16)?).ok()?))),
        _ => None,
    }
}
