//! Which entries an engine that seals its index keeps as keyed hashes only.

use std::collections::HashMap;

use crate::entry::Param;

/// What of a parameter's entries tells who somebody is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Secrecy {
    /// Nothing.
    #[default]
    Clear,
    /// Its tokens: those of a reference are the identifier of whom it is to, and its other values are ids.
    Tokens,
    /// All of them: tokens, texts, dates and uris. Texts have no part that can be found; of dates, days are.
    Whole,
}

/// The parameters that have entries which tell who somebody is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets(HashMap<Param, Secrecy>);

impl Secrets {
    /// What of a parameter's entries tells who somebody is.
    pub fn of(&self, param: Param) -> Secrecy {
        self.0.get(&param).copied().unwrap_or_default()
    }
}

impl FromIterator<(Param, Secrecy)> for Secrets {
    fn from_iter<I: IntoIterator<Item = (Param, Secrecy)>>(listed: I) -> Self {
        Self(listed.into_iter().filter(|(_, secrecy)| *secrecy != Secrecy::Clear).collect())
    }
}
