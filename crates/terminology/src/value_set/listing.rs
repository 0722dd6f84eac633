//! The codes of a compiled value set, listed: those of which it says that they are in.

use std::sync::Arc;

use super::compiled::{CompiledSet, Membership, Rule};
use crate::membership::{SystemCode, Unlisted};
use crate::system::{Concept, System};

impl CompiledSet {
    /// All codes that are in, each once, `most` at most.
    ///
    /// # Errors
    /// When there are more, when they have no end, or when only a code system that is not known could tell.
    pub(crate) fn list(&self, most: usize) -> Result<Vec<SystemCode>, Unlisted> {
        let mut listing = Listing { of: self, most, codes: Vec::new() };
        for rule in &self.includes {
            listing.add(rule)?;
        }
        let Listing { mut codes, .. } = listing;
        codes.sort_unstable();
        codes.dedup();
        Ok(codes)
    }

    /// A system that some of its rules need and that is not known.
    fn unknown(&self) -> Option<&str> {
        let rules = || self.includes.iter().chain(&self.excludes);
        let own = rules().find_map(|rule| rule.system.as_ref().filter(|_| rule.known.is_none()).map(|(url, _)| &**url));
        own.or_else(|| rules().flat_map(|rule| &rule.imports).find_map(|import| import.unknown()))
    }
}

/// A list in the making.
struct Listing<'s> {
    of: &'s CompiledSet,
    most: usize,
    codes: Vec<SystemCode>,
}

impl Listing<'_> {
    /// Adds what is in by an `include`.
    fn add(&mut self, rule: &Rule) -> Result<(), Unlisted> {
        match (&rule.system, &rule.known) {
            (Some((url, _)), Some(system)) => self.add_known(rule, url, system),
            (Some((url, _)), None) => {
                let listed = rule.codes.iter().flatten();
                if rule.codes.is_none() || !rule.filters.is_empty() {
                    return Err(Unlisted::UnknownSystem(url.to_string()));
                }
                listed.into_iter().try_for_each(|code| self.offer(url, code))
            }
            // What is in all value sets that it names is in each of them.
            (None, _) => match rule.imports.first() {
                Some(import) => import.list(self.most)?.iter().try_for_each(|(url, code)| self.offer(url, code)),
                None => Ok(()),
            },
        }
    }

    fn add_known(&mut self, rule: &Rule, url: &str, system: &Arc<dyn System>) -> Result<(), Unlisted> {
        for code in rule.codes.iter().flatten() {
            // The list may write it otherwise than the system.
            match system.find(code) {
                Some(concept) => self.offer(url, &system.code(&concept))?,
                None => self.offer(url, code)?,
            }
        }
        match (&rule.rows, system.rows()) {
            (Some(rows), _) => rows.iter().try_for_each(|row| self.offer(url, &system.code(&Concept::Row(row)))),
            (None, _) if rule.codes.is_some() => Ok(()),
            (None, Some(count)) => (0..count).try_for_each(|row| self.offer(url, &system.code(&Concept::Row(row)))),
            // A grammar has no end.
            (None, None) => Err(Unlisted::TooMany),
        }
    }

    /// Adds a code if it is in by all rules together.
    fn offer(&mut self, url: &str, code: &str) -> Result<(), Unlisted> {
        match self.of.contains(url, None, code) {
            Membership::NotIn => Ok(()),
            Membership::CannotTell => Err(Unlisted::UnknownSystem(self.of.unknown().unwrap_or(url).to_owned())),
            Membership::In if self.codes.len() < self.most => {
                self.codes.push((url.into(), code.into()));
                Ok(())
            }
            Membership::In => Err(Unlisted::TooMany),
        }
    }
}
