use super::Sorter;

/// Sorts pieces with a budget, and compares with the sort of the standard library.
fn check(pieces: &[Vec<u8>], budget: usize) {
    let mut sorter = Sorter::with_budget(&std::env::temp_dir(), budget);
    for piece in pieces {
        sorter.push(piece).expect("taken");
    }
    let mut sorted = sorter.finish().expect("it sorts");
    let (mut out, mut piece) = (Vec::new(), Vec::new());
    while sorted.next(&mut piece).expect("read") {
        out.push(piece.clone());
    }
    let mut expected = pieces.to_vec();
    expected.sort();
    assert_eq!(out, expected, "budget {budget}");
}

#[test]
fn pieces_come_out_sorted_from_memory_and_from_disk() {
    let mut number = 1u64;
    let mut next = || {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        number >> 33
    };
    let pieces: Vec<Vec<u8>> = (0..2000).map(|_| (0..next() % 13).map(|_| (next() % 3) as u8).collect()).collect();
    for budget in [1, 100, 3000, 1 << 20] {
        check(&pieces, budget);
    }
    check(&[], 10);
    check(&[vec![], vec![0], vec![]], 1);
}
