//! Bodies compressed with zstd under a dictionary that was trained from the store's own first bodies.
//!
//! Resources are small and alike: without a dictionary zstd has too little to go on. Every row names the dictionary
//! that it needs (0: none), so that a new one can be trained without touching what is there.

use std::cell::RefCell;
use std::sync::Arc;

use parking_lot::RwLock;
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe::{self, CCtx, DCtx};

use crate::truth::log::Packed;

/// The level: against the lowest it gains an eighth in space, and higher ones little more for twice the time.
const LEVEL: i32 = 3;

/// The size of a dictionary.
const DICTIONARY_BYTES: usize = 112 * 1024;

/// The largest body that is taken from the file, as a guard against damage.
const MOST_BYTES: usize = 1 << 30;

thread_local! {
    static COMPRESSOR: RefCell<CCtx<'static>> = RefCell::new(CCtx::create());
    static DECOMPRESSOR: RefCell<DCtx<'static>> = RefCell::new(DCtx::create());
}

struct Dictionary {
    number: u32,
    encoder: EncoderDictionary<'static>,
    decoder: DecoderDictionary<'static>,
}

/// All dictionaries of the store; the last one compresses.
#[derive(Default)]
pub(crate) struct Dictionaries {
    known: RwLock<Vec<Arc<Dictionary>>>,
}

impl Dictionaries {
    /// Makes a dictionary known. It compresses what comes from now on.
    pub(crate) fn add(&self, number: u32, bytes: &[u8]) {
        let dictionary = Dictionary { number, encoder: EncoderDictionary::copy(bytes, LEVEL), decoder: DecoderDictionary::copy(bytes) };
        self.known.write().push(Arc::new(dictionary));
    }

    /// The number of the newest dictionary; 0 when there is none.
    pub(crate) fn newest(&self) -> u32 {
        self.known.read().last().map_or(0, |newest| newest.number)
    }

    /// Compresses a body with the newest dictionary.
    pub(crate) fn pack(&self, text: &[u8], stamp_at: u32) -> Packed {
        let newest = self.known.read().last().cloned();
        let mut bytes = Vec::with_capacity(zstd_safe::compress_bound(text.len()));
        let done = COMPRESSOR.with_borrow_mut(|compressor| match &newest {
            Some(dictionary) => compressor.compress_using_cdict(&mut bytes, text, dictionary.encoder.as_cdict()),
            None => compressor.compress(&mut bytes, text, LEVEL),
        });
        debug_assert!(done.is_ok(), "the buffer has room for the worst case");
        bytes.shrink_to_fit();
        Packed { stamp_at, dictionary: newest.map_or(0, |dictionary| dictionary.number), bytes }
    }

    /// The body; `None` when it is damaged, or its dictionary is not known.
    pub(crate) fn unpack(&self, dictionary: u32, packed: &[u8]) -> Option<Vec<u8>> {
        let size = usize::try_from(zstd_safe::get_frame_content_size(packed).ok()??).ok()?;
        if size > MOST_BYTES {
            return None;
        }
        let mut text = Vec::with_capacity(size);
        let done = if dictionary == 0 {
            DECOMPRESSOR.with_borrow_mut(|decompressor| decompressor.decompress(&mut text, packed))
        } else {
            let known = self.known.read().iter().find(|known| known.number == dictionary).cloned()?;
            DECOMPRESSOR.with_borrow_mut(|decompressor| decompressor.decompress_using_ddict(&mut text, packed, known.decoder.as_ddict()))
        };
        (done.ok()? == size).then_some(text)
    }
}

/// A dictionary made of samples; `None` when there are too few for one.
pub(crate) fn train(samples: &[impl AsRef<[u8]>]) -> Option<Vec<u8>> {
    zstd::dict::from_samples(samples, DICTIONARY_BYTES).ok()
}
