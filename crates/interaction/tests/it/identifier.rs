//! New logical ids.

use std::collections::HashSet;

use interaction::{Identifiers, is_id};

#[test]
fn are_valid_unique_and_in_order_of_time() {
    let identifiers = Identifiers::random();
    let made: Vec<String> = (0..10_000).map(|at| identifiers.next(1_795_248_000_000 + at)).collect();
    assert!(made.iter().all(|id| is_id(id) && id.len() == 36 && id.as_bytes()[14] == b'7'), "{}", made[0]);
    assert!(made.iter().all(|id| matches!(id.as_bytes()[19], b'8' | b'9' | b'a' | b'b')), "{}", made[0]);
    assert!(made.is_sorted());
    assert_eq!(made.iter().collect::<HashSet<_>>().len(), made.len());
}

#[test]
fn differ_within_a_millisecond_and_between_runs() {
    let (one, other) = (Identifiers::random(), Identifiers::random());
    let made: HashSet<String> = (0..1000).flat_map(|_| [one.next(5), other.next(5)]).collect();
    assert_eq!(made.len(), 2000);
}

#[test]
fn are_the_same_for_the_same_seed() {
    let made = |seed| Identifiers::seeded(seed).next(1_795_248_000_000);
    assert_eq!(made([1, 2]), made([1, 2]));
    assert_ne!(made([1, 2]), made([1, 3]));
    assert!(made([1, 2]).starts_with("01a1fd1e-8c00-7"), "{}", made([1, 2]));
}

#[test]
fn have_few_letters() {
    for good in ["a", "A-9.z", &"x".repeat(64)] {
        assert!(is_id(good), "{good}");
    }
    for bad in ["", "a_b", "a/b", "ä", "a b", "%41", &"x".repeat(65)] {
        assert!(!is_id(bad), "{bad}");
    }
}
