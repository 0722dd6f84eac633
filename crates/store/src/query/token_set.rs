//! Tokens that are asked for together, however many they are.

use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::Arc;

use xxhash_rust::xxh3::{Xxh3Default, xxh3_128};

use crate::entry::Token;

/// A set of tokens: the codes of a value set, or a code and all below it. Copies share it, so that a query with a hundred thousand codes is as
/// cheap to hand on as one with a single code.
///
/// Two sets are equal when they have the same tokens, wherever they come from.
#[derive(Clone)]
pub struct TokenSet(Arc<Tokens>);

struct Tokens {
    /// The codes of each system, by system.
    systems: Vec<(Box<str>, Codes)>,
    count: usize,
    bytes: usize,
    /// What two sets have in common only when they have the same tokens, but for one chance in 2^128.
    identity: u128,
}

type Codes = HashSet<Box<str>, BuildHasherDefault<Xxh3Default>>;

/// What a code takes in a set, beside its letters: its place in the table, and what comes with an allocation.
const CODE_BYTES: usize = 48;

impl TokenSet {
    /// Whether the token is one of them.
    pub fn contains(&self, token: &Token) -> bool {
        let found = self.0.systems.binary_search_by(|(system, _)| system.cmp(&token.system));
        found.is_ok_and(|place| self.0.systems[place].1.contains(&token.code))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.count == 0
    }

    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.0.bytes
    }

    /// The tokens, in any order.
    pub fn iter(&self) -> impl Iterator<Item = Token> {
        let of_system = |(system, codes): &'_ (Box<str>, Codes)| {
            codes.iter().map(|code| Token { code: code.clone(), system: system.clone() }).collect::<Vec<_>>()
        };
        self.0.systems.iter().flat_map(of_system)
    }
}

impl FromIterator<Token> for TokenSet {
    fn from_iter<I: IntoIterator<Item = Token>>(tokens: I) -> Self {
        let mut systems: Vec<(Box<str>, Codes)> = Vec::new();
        let (mut count, mut bytes, mut identity) = (0, size_of::<Tokens>(), 0u128);
        for Token { code, system } in tokens {
            // Most sets are of one system, and most others list system after system.
            let place = systems.iter().rposition(|(known, _)| *known == system).unwrap_or_else(|| {
                bytes += system.len() + CODE_BYTES;
                systems.push((system, Codes::default()));
                systems.len() - 1
            });
            let (system, codes) = &mut systems[place];
            let (size, hash) = (code.len() + CODE_BYTES, hash(system, &code));
            if codes.insert(code) {
                count += 1;
                bytes += size;
                // A sum is the same in whatever order the tokens come.
                identity = identity.wrapping_add(hash);
            }
        }
        systems.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        Self(Arc::new(Tokens { systems, count, bytes, identity }))
    }
}

/// The length stands between the two, so that no other system and code come to the same bytes.
fn hash(system: &str, code: &str) -> u128 {
    let mut bytes = Vec::with_capacity(system.len() + code.len() + 8);
    bytes.extend_from_slice(&(system.len() as u64).to_be_bytes());
    bytes.extend_from_slice(system.as_bytes());
    bytes.extend_from_slice(code.as_bytes());
    xxh3_128(&bytes)
}

impl PartialEq for TokenSet {
    fn eq(&self, other: &Self) -> bool {
        let (this, that) = (&self.0, &other.0);
        // What is the same by its identity is compared all the same: an answer that is kept for another set would be a wrong one.
        Arc::ptr_eq(this, that) || this.identity == that.identity && this.systems == that.systems
    }
}

impl Eq for TokenSet {}

impl Hash for TokenSet {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u128(self.0.identity);
    }
}

impl fmt::Debug for TokenSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let systems: Vec<&str> = self.0.systems.iter().map(|(system, _)| &**system).collect();
        write!(f, "{} tokens of {systems:?}", self.0.count)
    }
}
