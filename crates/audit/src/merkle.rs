//! The Merkle tree of RFC 6962, section 2.1: one hash for a list, and short proofs about it.
//!
//! A leaf is SHA-256 of a zero byte and its text, a node SHA-256 of a one byte and its two children: a leaf cannot be taken for a node.

mod proof;

use std::io;

use aws_lc_rs::digest::{Context, SHA256, digest};

pub use proof::{consistency, includes, inclusion, is_consistent};

/// A SHA-256.
pub type Hash = [u8; 32];

/// The hash of a leaf with this text.
pub fn leaf(text: &[u8]) -> Hash {
    hash_of(&[&[0], text])
}

/// The hash of a node with these children.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    hash_of(&[&[1], left, right])
}

/// The hash of no leaves.
pub fn empty() -> Hash {
    sized(digest(&SHA256, &[]).as_ref())
}

fn hash_of(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    parts.iter().for_each(|part| context.update(part));
    sized(context.finish().as_ref())
}

fn sized(bytes: &[u8]) -> Hash {
    bytes.try_into().unwrap_or_else(|_| unreachable!("a SHA-256 has 32 bytes"))
}

/// A list of leaves that grows, kept as the roots of its whole subtrees: at most 64 hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// From the largest subtree to the smallest: one for each bit of `size`.
    roots: Vec<Hash>,
}

impl Frontier {
    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                hash = node(&left, &hash);
            }
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// The hash of all leaves.
    pub fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        let Some(&last) = roots.next() else { return empty() };
        roots.fold(last, |right, left| node(left, &right))
    }
}

/// Leaves that can be gone through.
pub trait Leaves {
    /// How many there are.
    fn size(&self) -> u64;

    /// Hands out those from `from` up to `to`, not included, in order. Fails when they cannot be read.
    fn each(&self, from: u64, to: u64, take: &mut dyn FnMut(Hash)) -> io::Result<()>;
}

impl Leaves for [Hash] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn each(&self, from: u64, to: u64, take: &mut dyn FnMut(Hash)) -> io::Result<()> {
        let leaves = self.get(from as usize..to as usize).ok_or_else(|| io::Error::other("there are not so many leaves"))?;
        leaves.iter().for_each(|leaf| take(*leaf));
        Ok(())
    }
}

/// The hash of the leaves from `from` up to `to`, as a tree of their own.
pub fn root(leaves: &(impl Leaves + ?Sized), from: u64, to: u64) -> io::Result<Hash> {
    let mut frontier = Frontier::default();
    leaves.each(from, to, &mut |leaf| frontier.push(leaf))?;
    Ok(frontier.root())
}
