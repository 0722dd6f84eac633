//! X-Request-Id: the name of a request in answers and logs.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderMap, HeaderName, HeaderValue};

/// The header.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id that the client gave, when it is short and plain, and a new one otherwise.
pub(crate) fn of(headers: &HeaderMap) -> HeaderValue {
    let plain = |value: &&HeaderValue| {
        let fits = (1..=128).contains(&value.len());
        fits && value.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte))
    };
    headers.get(&X_REQUEST_ID).filter(plain).cloned().unwrap_or_else(new)
}

/// A new id: 16 hexadecimal digits. Those of one run differ, and begin at another place in each run.
fn new() -> HeaderValue {
    static NEXT: LazyLock<AtomicU64> = LazyLock::new(|| AtomicU64::new(RandomState::new().hash_one(0)));
    let number = NEXT.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut text = [0; 16];
    for (index, digit) in text.iter_mut().enumerate() {
        *digit = b"0123456789abcdef"[(number >> (60 - 4 * index) & 0xF) as usize];
    }
    HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static("0"))
}
