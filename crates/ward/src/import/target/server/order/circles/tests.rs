//! Circles, and what lies between them.

use super::find;

#[test]
fn what_is_referred_to_comes_first_and_circles_stay_together() {
    // 0 → 1 → 2 → 0 is a circle, 3 leads into it, it leads to 4, and 5 stands alone and leads to itself.
    let circles = find(&[vec![1], vec![2], vec![0, 4], vec![0], vec![], vec![5]]);
    assert_eq!(circles, [vec![4], vec![0, 1, 2], vec![3], vec![5]]);
}

#[test]
fn circles_that_share_a_node_are_one() {
    let circles = find(&[vec![1], vec![0, 2], vec![1], vec![2]]);
    assert_eq!(circles, [vec![0, 1, 2], vec![3]]);
}

#[test]
fn a_long_chain_needs_no_deep_stack() {
    let length = 1_000_000;
    let edges: Vec<Vec<usize>> = (0..length).map(|node| if node + 1 < length { vec![node + 1] } else { vec![] }).collect();
    let circles = find(&edges);
    assert_eq!(circles.len(), length);
    assert_eq!((circles.first(), circles.last()), (Some(&vec![length - 1]), Some(&vec![0])));
}
