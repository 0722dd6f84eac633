//! The library that the tables are.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use fhir::Value;
use fhir::canonical::Canonical;
use fhir::library::Library;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::card::Card;
use crate::index::cards;

/// How many bytes of resources that were made are kept, about.
const MOST_KEPT_BYTES: u64 = 8 << 20;

/// How many resources that may be, about.
const MOST_KEPT: usize = 256;

/// The content of R4. It never changes; what was made lately is kept, up to 8 MiB.
#[derive(Default)]
pub struct Base {
    cards: OnceLock<Vec<Card>>,
    made: OnceLock<Cache<u32, Arc<Value>, Size>>,
}

/// The content of R4, of which the whole process needs one.
pub fn library() -> &'static Base {
    static BASE: OnceLock<Base> = OnceLock::new();
    BASE.get_or_init(Base::default)
}

impl Base {
    /// What there is of a type, sorted by address, of several versions the newest first; nothing for a type that R4 brings nothing of.
    pub fn cards(&self, kind: &str) -> &[Card] {
        &self.all()[self.range(kind)]
    }

    fn all(&self) -> &[Card] {
        self.cards.get_or_init(cards)
    }

    fn range(&self, kind: &str) -> Range<usize> {
        let all = self.all();
        all.partition_point(|card| card.kind() < kind)..all.partition_point(|card| card.kind() <= kind)
    }

    /// The places of an address.
    fn places(&self, kind: &str, url: &str) -> Range<usize> {
        let (start, cards) = (self.range(kind).start, self.cards(kind));
        let (from, to) = (cards.partition_point(|card| card.url() < url), cards.partition_point(|card| card.url() <= url));
        start + from..start + to
    }

    fn made(&self, place: usize) -> Arc<Value> {
        let made = self.made.get_or_init(|| Cache::with_weighter(MOST_KEPT, MOST_KEPT_BYTES, Size));
        let key = place as u32;
        match made.get(&key) {
            Some(resource) => resource,
            // Two who ask at once may both make it.
            None => {
                let resource = Arc::new(self.all()[place].resource());
                made.insert(key, resource.clone());
                resource
            }
        }
    }
}

impl Library for Base {
    fn find(&self, kind: &str, canonical: &Canonical<'_>) -> Option<Arc<Value>> {
        let of_version = self.places(kind, canonical.url).find(|place| canonical.accepts(self.all()[*place].version()));
        // The addresses of some v2 tables have the version in them: `…/v2-0006|2.4`.
        let whole = || self.places(kind, &format!("{}|{}", canonical.url, canonical.version?)).next();
        Some(self.made(of_version.or_else(whole)?))
    }

    fn versions(&self, kind: &str, url: &str) -> Vec<Option<Box<str>>> {
        self.all()[self.places(kind, url)].iter().map(|card| card.version().map(Box::from)).collect()
    }

    fn urls(&self, kind: &str) -> Vec<Box<str>> {
        let mut urls: Vec<Box<str>> = self.cards(kind).iter().map(|card| card.url().into()).collect();
        urls.dedup();
        urls
    }

    fn generation(&self) -> u64 {
        0
    }
}

/// How much memory a resource takes, about.
#[derive(Clone)]
struct Size;

impl Weighter<u32, Arc<Value>> for Size {
    fn weight(&self, _: &u32, resource: &Arc<Value>) -> u64 {
        bytes(resource)
    }
}

fn bytes(value: &Value) -> u64 {
    let inside = match value {
        Value::Null | Value::Bool(_) => 0,
        Value::Number(text) | Value::String(text) => text.len() as u64 + 16,
        Value::Array(items) => items.iter().map(bytes).sum(),
        Value::Object(object) => object.iter().map(|(_, value)| bytes(value) + size_of::<fhir::Name>() as u64).sum(),
    };
    inside + size_of::<Value>() as u64
}
