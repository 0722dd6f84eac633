//! The tree of RFC 6962: published roots and proofs, and every proof of small trees.

use audit::merkle::{Frontier, Hash, consistency, empty, includes, inclusion, is_consistent, leaf, root};

/// The leaves of the test vectors of the Certificate Transparency project.
const LEAVES: [&str; 8] = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

/// The roots of the first 1 to 8 of them.
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

fn text(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn published() -> Vec<Hash> {
    LEAVES.iter().map(|text| leaf(&hex(text))).collect()
}

#[test]
fn published_roots() {
    assert_eq!(text(&empty()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    let mut frontier = Frontier::default();
    assert_eq!(frontier.root(), empty());
    for (leaf, expected) in published().into_iter().zip(ROOTS) {
        frontier.push(leaf);
        assert_eq!(text(&frontier.root()), expected);
    }
}

#[test]
fn published_proofs() {
    let leaves = &published()[..];
    let path = |index, size| inclusion(leaves, index, size).unwrap().unwrap().iter().map(text).collect::<Vec<_>>();
    assert_eq!(
        path(0, 8),
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ]
    );
    assert_eq!(
        path(5, 8),
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
    assert_eq!(path(2, 3), ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]);
    let proof = |first, size| consistency(leaves, first, size).unwrap().unwrap().iter().map(text).collect::<Vec<_>>();
    assert_eq!(
        proof(6, 8),
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
    assert_eq!(
        proof(2, 5),
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ]
    );
}

#[test]
fn every_proof_of_small_trees_holds_and_no_other() {
    let leaves: Vec<Hash> = (0..40_u8).map(|number| leaf(&[number])).collect();
    let roots: Vec<Hash> = (0..=40).map(|size| root(&leaves[..], 0, size).unwrap()).collect();
    for size in 1..=40 {
        for index in 0..size {
            let path = inclusion(&leaves[..], index, size).unwrap().unwrap();
            let holds = |leaf: u64, at, size: u64, path: &[Hash]| includes(&leaves[leaf as usize], at, size, path, &roots[size as usize]);
            assert!(holds(index, index, size, &path));
            assert!(!holds((index + 1) % 40, index, size, &path), "another leaf");
            assert!(size == 1 || !holds(index, (index + 1) % size, size, &path), "another place");
            assert!(path.is_empty() || !holds(index, index, size, &path[1..]), "a shorter path");
            assert!(!holds(index, index, size, &[&path[..], &[leaves[0]]].concat()), "a longer path");
        }
        for first in 1..=size {
            let path = consistency(&leaves[..], first, size).unwrap().unwrap();
            let (old, new) = (&roots[first as usize], &roots[size as usize]);
            assert!(is_consistent(first, size, old, new, &path), "{first} of {size}");
            assert!(!is_consistent(first, size, &leaves[3], new, &path) && !is_consistent(first, size, old, &leaves[3], &path));
            assert!(path.is_empty() || !is_consistent(first, size, old, new, &path[1..]));
            assert!(!is_consistent(first, size, old, new, &[&path[..], &[leaves[0]]].concat()));
        }
    }
}

#[test]
fn there_is_no_proof_of_what_is_not_there() {
    let leaves = &published()[..];
    assert_eq!(inclusion(leaves, 8, 8).unwrap(), None);
    assert_eq!(inclusion(leaves, 0, 9).unwrap(), None);
    assert_eq!(consistency(leaves, 0, 3).unwrap(), None);
    assert_eq!(consistency(leaves, 4, 3).unwrap(), None);
    assert!(!includes(&leaves[0], 0, 0, &[], &empty()));
}
