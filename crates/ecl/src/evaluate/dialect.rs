//! Dialects, and how acceptable a description is in them.

use roaring::RoaringBitmap;

use super::Evaluation;
use crate::edition::Concept;
use crate::sctid;
use crate::tree::{Acceptability, ConceptReference, Dialect};

/// Language reference sets, each with the acceptabilities that count there; `None` when any does.
pub(super) struct DialectTest {
    wanted: Vec<(u64, Option<Vec<u64>>)>,
}

impl DialectTest {
    /// Whether one of these, each a reference set and an acceptability, is wanted.
    pub(super) fn has(&self, dialects: &[(u64, u64)]) -> bool {
        dialects.iter().any(|(set, acceptability)| {
            let counts = |accepted: &Option<Vec<u64>>| accepted.as_ref().is_none_or(|accepted| accepted.contains(acceptability));
            self.wanted.iter().any(|(wanted, accepted)| wanted == set && counts(accepted))
        })
    }
}

impl Evaluation<'_> {
    pub(super) fn dialects_of_aliases(&self, dialects: &[Dialect<Box<str>>], all: &Option<Acceptability>) -> DialectTest {
        let wanted = dialects.iter().filter_map(|dialect| {
            let set = self.edition.dialect(&dialect.name);
            if set.is_none() {
                self.note_unknown(dialect.name.to_string());
            }
            Some((set?, accepted(dialect.acceptability.as_ref().or(all.as_ref()))))
        });
        DialectTest { wanted: wanted.collect() }
    }

    pub(super) fn dialects_of_ids(&self, dialects: &[Dialect<ConceptReference>], all: &Option<Acceptability>) -> DialectTest {
        let wanted = dialects.iter().map(|dialect| {
            self.find(dialect.name.id);
            (dialect.name.id, accepted(dialect.acceptability.as_ref().or(all.as_ref())))
        });
        DialectTest { wanted: wanted.collect() }
    }

    pub(super) fn dialects_in(&self, set: &RoaringBitmap, all: &Option<Acceptability>) -> DialectTest {
        let accepted = accepted(all.as_ref());
        DialectTest { wanted: set.iter().map(|concept| (self.edition.sctid(Concept(concept)), accepted.clone())).collect() }
    }
}

fn accepted(acceptability: Option<&Acceptability>) -> Option<Vec<u64>> {
    acceptability.map(|acceptability| match acceptability {
        Acceptability::Ids(ids) => ids.iter().map(|reference| reference.id).collect(),
        Acceptability::Named { preferred, acceptable } => {
            let named = [(*preferred, sctid::PREFERRED), (*acceptable, sctid::ACCEPTABLE)];
            named.into_iter().filter(|(is_named, _)| *is_named).map(|(_, id)| id).collect()
        }
    })
}
