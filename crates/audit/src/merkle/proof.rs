//! Proofs: that a leaf is in a tree, and that a tree is the beginning of another (RFC 6962, sections 2.1.1 and 2.1.2; their verification is
//! RFC 9162, sections 2.1.3.2 and 2.1.4.2).

use std::io;

use super::{Hash, Leaves, node, root};

/// The proof that the leaf at `index` is in the tree of the first `size` leaves: at most 64 hashes. `None` when it is not, or there are not
/// so many.
///
/// It takes as long as to hash all of these leaves.
pub fn inclusion(leaves: &(impl Leaves + ?Sized), index: u64, size: u64) -> io::Result<Option<Vec<Hash>>> {
    if index >= size || size > leaves.size() {
        return Ok(None);
    }
    let (mut path, mut from, mut to) = (Vec::new(), 0, size);
    while to - from > 1 {
        let middle = from + split(to - from);
        let sibling = if index < middle { (middle, to) } else { (from, middle) };
        path.push(root(leaves, sibling.0, sibling.1)?);
        if index < middle { to = middle } else { from = middle }
    }
    path.reverse();
    Ok(Some(path))
}

/// The proof that the tree of the first `first` leaves is the beginning of that of the first `size`: at most 65 hashes. `None` when `first`
/// is 0 or above `size`, or there are not so many.
///
/// It takes as long as to hash all of these leaves.
pub fn consistency(leaves: &(impl Leaves + ?Sized), first: u64, size: u64) -> io::Result<Option<Vec<Hash>>> {
    if first == 0 || first > size || size > leaves.size() {
        return Ok(None);
    }
    let (mut path, mut from, mut to) = (Vec::new(), 0, size);
    // Whether the part that is looked at is all of the first tree that was.
    let mut is_whole = true;
    while first != to {
        let middle = from + split(to - from);
        if first <= middle {
            path.push(root(leaves, middle, to)?);
            to = middle;
        } else {
            path.push(root(leaves, from, middle)?);
            from = middle;
            is_whole = false;
        }
    }
    if !is_whole {
        path.push(root(leaves, from, to)?);
    }
    path.reverse();
    Ok(Some(path))
}

/// The largest power of two below `count`, which is at least 2.
fn split(count: u64) -> u64 {
    1 << (63 - (count - 1).leading_zeros())
}

/// Whether the proof shows that a leaf is at `index` of the tree that has this root and size.
pub fn includes(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut place, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            hash = node(sibling, &hash);
            while place & 1 == 0 && place != 0 {
                (place, last) = (place >> 1, last >> 1);
            }
        } else {
            hash = node(&hash, sibling);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    last == 0 && hash == *root
}

/// Whether the proof shows that the tree of `first` leaves with the root `first_root` is the beginning of that of `size` leaves with the
/// root `root`.
pub fn is_consistent(first: u64, size: u64, first_root: &Hash, root: &Hash, path: &[Hash]) -> bool {
    if first == 0 || first >= size {
        return first == size && path.is_empty() && first_root == root;
    }
    let mut path = path.iter();
    let start = if first.is_power_of_two() { Some(first_root) } else { path.next() };
    let Some(start) = start else { return false };
    let (mut place, mut last) = (first - 1, size - 1);
    while place & 1 == 1 {
        (place, last) = (place >> 1, last >> 1);
    }
    let (mut old, mut new) = (*start, *start);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            (old, new) = (node(sibling, &old), node(sibling, &new));
            while place & 1 == 0 && place != 0 {
                (place, last) = (place >> 1, last >> 1);
            }
        } else {
            new = node(&new, sibling);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    last == 0 && old == *first_root && new == *root
}
