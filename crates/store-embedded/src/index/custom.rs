//! Parameters that resources define: which of them the index has all entries of, and how far it is with the others.
//!
//! It is kept in `meta`, and changes in the same batch as what it speaks of. From the batch on that has a parameter in [`Custom::defined`],
//! every commit brings its entries along; what was there before is gone through resource by resource, in the order of tenants and numbers.

use std::collections::BTreeSet;

use fhir::definitions::ResourceType;
use store::commit::Tenant;
use store::entry::Param;

use super::tree::Batch;
use super::{Index, keys};
use crate::error::{Result, StoreError};

/// Its name in `meta`.
const NAME: &[u8] = b"custom";

/// What the index knows of parameters that resources define.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Custom {
    /// The parameters, by the code of the type that has them.
    pub(crate) defined: Vec<(u8, Vec<Param>)>,
    /// Those of them that all resources are indexed by.
    pub(crate) complete: BTreeSet<Param>,
    /// The codes of the types whose resources are to be gone through.
    pub(crate) dirty: BTreeSet<u8>,
    /// The last resource that was gone through; number 0 before the first.
    pub(crate) upto: (Tenant, u64),
}

impl Custom {
    /// All of these, in an index that has every resource's entries.
    pub(crate) fn complete(defined: Vec<(ResourceType, Vec<Param>)>) -> Self {
        let defined = coded(defined);
        let complete = params(&defined).collect();
        Self { defined, complete, dirty: BTreeSet::new(), upto: (Tenant(0), 0) }
    }

    /// What is to be done when these are defined from now on. What is defined no longer leaves entries, which are removed on the way.
    pub(crate) fn redefined(&self, defined: Vec<(ResourceType, Vec<Param>)>) -> Self {
        let defined = coded(defined);
        if defined == self.defined {
            return self.clone();
        }
        let both = self.defined.iter().chain(&defined);
        let changed = both.filter(|of| !(self.defined.contains(of) && defined.contains(of))).map(|(kind, _)| *kind);
        let dirty = changed.chain(self.dirty.iter().copied()).collect();
        let complete = params(&defined).filter(|param| self.complete.contains(param)).collect();
        Self { defined, complete, dirty, upto: (Tenant(0), 0) }
    }

    /// The same when nobody knows which commits have brought entries of them.
    pub(crate) fn doubted(&self) -> Self {
        let dirty = self.defined.iter().map(|(kind, _)| *kind).chain(self.dirty.iter().copied()).collect();
        Self { complete: BTreeSet::new(), dirty, upto: (Tenant(0), 0), ..self.clone() }
    }

    /// Whether all resources are indexed by all.
    pub(crate) fn is_complete(&self) -> bool {
        self.dirty.is_empty()
    }

    /// Those that not all resources are indexed by.
    pub(crate) fn missing(&self) -> BTreeSet<Param> {
        params(&self.defined).filter(|param| !self.complete.contains(param)).collect()
    }

    /// After a step to this resource; `None`: there are no more.
    pub(crate) fn advanced(&self, to: Option<(Tenant, u64)>) -> Self {
        match to {
            Some(upto) => Self { upto, ..self.clone() },
            None => Self {
                complete: params(&self.defined).collect(),
                dirty: BTreeSet::new(),
                upto: (Tenant(0), 0),
                defined: self.defined.clone(),
            },
        }
    }

    /// What an index has of it; nothing when it never heard of any.
    pub(crate) fn of(index: &Index) -> Result<Self> {
        match index.meta(NAME)? {
            Some(bytes) => decode(&bytes).ok_or_else(|| StoreError::Damaged("the index does not tell what resources define".to_owned())),
            None => Ok(Self::complete(Vec::new())),
        }
    }

    /// Puts it into a batch.
    pub(crate) fn put(&self, batch: &mut Batch) {
        batch.insert(keys::meta(NAME), self.encode());
    }

    /// Writes it alone.
    pub(crate) fn write(&self, index: &Index) {
        let mut batch = Batch::default();
        self.put(&mut batch);
        index.tree.write(batch);
    }

    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut number = |number: u64| out.extend_from_slice(&number.to_be_bytes());
        number(self.upto.0.0.into());
        number(self.upto.1);
        number(self.dirty.len() as u64);
        self.dirty.iter().for_each(|kind| number((*kind).into()));
        number(self.complete.len() as u64);
        self.complete.iter().for_each(|param| number(param.0.into()));
        for (kind, params) in &self.defined {
            number((*kind).into());
            number(params.len() as u64);
            params.iter().for_each(|param| number(param.0.into()));
        }
        out
    }
}

fn decode(bytes: &[u8]) -> Option<Custom> {
    let (numbers, rest) = bytes.as_chunks::<8>();
    let mut numbers = rest.is_empty().then(|| numbers.iter().map(|bytes| u64::from_be_bytes(*bytes)))?;
    let upto = (Tenant(u32::try_from(numbers.next()?).ok()?), numbers.next()?);
    let count = numbers.next()?;
    let dirty = (0..count).map(|_| u8::try_from(numbers.next()?).ok()).collect::<Option<_>>()?;
    let params = |numbers: &mut dyn Iterator<Item = u64>| {
        let count = numbers.next()?;
        (0..count).map(|_| u32::try_from(numbers.next()?).ok().map(Param)).collect::<Option<Vec<_>>>()
    };
    let complete = params(&mut numbers)?.into_iter().collect();
    let mut defined = Vec::new();
    while let Some(kind) = numbers.next() {
        defined.push((u8::try_from(kind).ok()?, params(&mut numbers)?));
    }
    Some(Custom { defined, complete, dirty, upto })
}

/// With the codes of the types.
fn coded(defined: Vec<(ResourceType, Vec<Param>)>) -> Vec<(u8, Vec<Param>)> {
    defined.into_iter().map(|(kind, params)| (keys::kind_code(kind), params)).collect()
}

fn params(defined: &[(u8, Vec<Param>)]) -> impl Iterator<Item = Param> + '_ {
    defined.iter().flat_map(|(_, params)| params).copied()
}
