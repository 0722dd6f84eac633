//! The canonical forms of the codes that are asked for again and again.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use crate::canonical::Canonical;
use crate::error::Error;
use crate::unit::Unit;

/// How many codes are kept: more than a hospital uses.
const MAX_KNOWN: usize = 4096;

type Known = HashMap<Box<str>, Result<Arc<Canonical>, Error>>;

static KNOWN: LazyLock<RwLock<Known>> = LazyLock::new(RwLock::default);

/// The canonical form of a code, as [`Canonical::of`] gives it, calculated once for each of the first 4096 codes.
///
/// # Errors
/// As for [`Unit::parse`] and [`Canonical::of`].
pub fn canonical(code: &str) -> Result<Arc<Canonical>, Error> {
    if let Some(known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(code) {
        return known.clone();
    }
    let found = Unit::parse(code).and_then(|unit| unit.canonical()).map(Arc::new);
    if code.len() <= crate::MAX_BYTES {
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MAX_KNOWN {
            known.insert(code.into(), found.clone());
        }
    }
    found
}
