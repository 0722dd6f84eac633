//! Each correction is one of an expression that is published.

use std::collections::BTreeSet;

use super::{CORRECTIONS, NAME, corrected};
use crate::base::constraints;

#[test]
fn each_correction_is_used() {
    let evaluated: BTreeSet<(&str, &str)> = constraints().iter().map(|constraint| (constraint.key, constraint.expression)).collect();
    // This one is of a profile.
    for correction in CORRECTIONS.iter().filter(|correction| correction.key != "vs-1") {
        assert!(evaluated.contains(&(correction.key, correction.expression)), "{} is not published so", correction.key);
        assert_ne!(corrected(correction.key, correction.published), correction.published);
    }
    assert_eq!(evaluated.iter().filter(|(_, expression)| *expression == NAME).count(), 29);
}
