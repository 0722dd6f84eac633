use lsm_tree::{AbstractTree, Config, Guard, SequenceNumberCounter};
fn main() {
    let numbers = SequenceNumberCounter::default();
    let tree = Config::new(std::env::args().nth(1).unwrap(), numbers.clone(), numbers.clone()).open().unwrap();
    let last = tree.get_highest_persisted_seqno().unwrap();
    for space in 1u8..=8 {
        let (mut n, mut k, mut v, mut shared) = (0u64, 0u64, 0u64, 0u64);
        let mut before: Vec<u8> = vec![];
        let mut by: std::collections::BTreeMap<u8, (u64, u64, u64)> = Default::default();
        for g in tree.prefix([space], last + 1, None) {
            let (key, value) = g.into_inner().unwrap();
            n += 1;
            k += key.len() as u64;
            v += value.len() as u64;
            let s = key.iter().zip(&before).take_while(|(a, b)| a == b).count() as u64;
            shared += s;
            if space == 8 {
                let e = by.entry(key[9]).or_default();
                e.0 += 1;
                e.1 += key.len() as u64;
                e.2 += key.len() as u64 - s;
            }
            before = key.to_vec();
        }
        println!("space {space}: {n} keys, {k} key bytes ({} not shared), {v} value bytes", k - shared);
        for (kind, (n, k, u)) in by {
            println!("   kind {kind}: {n} {k} {u}");
        }
    }
}
