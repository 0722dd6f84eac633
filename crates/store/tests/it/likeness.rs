//! How far points are apart, and how alike texts are.

use store::matches::{distance_mm, latitudes_within, similarity};

const DEGREE: i32 = 10_000_000;

#[test]
fn distances_are_those_of_the_sphere() {
    let quarter = 10_007_557_221_u64;
    assert_eq!(distance_mm((0, 0), (0, 0)), 0);
    assert_eq!(distance_mm((0, 0), (90 * DEGREE, 17 * DEGREE)), quarter, "from the equator to a pole");
    assert_eq!(distance_mm((0, -45 * DEGREE), (0, 45 * DEGREE)), quarter);
    assert_eq!(distance_mm((0, 179 * DEGREE), (0, -179 * DEGREE)), distance_mm((0, 0), (0, 2 * DEGREE)), "over the date line");
    assert_eq!(distance_mm((0, 0), (0, 180 * DEGREE)), 2 * quarter, "the other side of the Earth");
    assert_eq!(distance_mm((0, 0), (1, 0)), 11, "a unit of latitude");
}

#[test]
fn latitudes_bound_a_distance() {
    for distance in [0, 1, 11, 1_000, 26_000_000, 5_000_000_000] {
        let (low, high) = latitudes_within(52 * DEGREE, distance);
        assert!(distance_mm((52 * DEGREE, 0), (low, 0)) >= distance && distance_mm((52 * DEGREE, 0), (high, 0)) >= distance, "{distance}");
    }
    assert_eq!(latitudes_within(0, u64::MAX), (-i32::MAX, i32::MAX));
}

#[test]
fn likeness_is_that_of_words() {
    assert_eq!(similarity("anna", "anna"), 1000);
    assert_eq!(similarity("anna maria", "maria-anna is here"), 1000, "neither order nor further words matter");
    assert_eq!(similarity("anna maria", "anna"), (1000 + similarity("maria", "anna")) / 2);
    assert_eq!(similarity("anna", "xyz"), 0);
    assert_eq!((similarity("", "anna"), similarity("anna", ""), similarity(" -", "x")), (0, 0, 0));
    // The examples of the literature: 0.961, 0.840, 0.813.
    assert_eq!([similarity("martha", "marhta"), similarity("dwayne", "duane"), similarity("dixon", "dicksonx")], [960, 839, 812]);
    assert!((1..1000).contains(&similarity(&"ä".repeat(5000), &format!("{}b", "ä".repeat(63)))));
}
