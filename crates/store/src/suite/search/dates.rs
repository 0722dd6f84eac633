//! Dates.

use crate::query::Compare::*;
use crate::suite::sample::{date, dated, has, sample};
use crate::suite::world::World;

pub(in crate::suite) async fn by_prefix(world: World) {
    let intervals =
        [(10, 19), (12, 12), (5, 9), (20, 29), (5, 15), (15, 25), (0, 99), (i64::MIN, 12), (12, i64::MAX), (i64::MIN, i64::MAX)];
    let put = intervals
        .iter()
        .enumerate()
        .map(|(id, (first, last))| sample(&format!("Observation/{id}")).with("date", date(*first, *last)).put());
    world.put(put.chain([sample("Observation/none").put()]).collect()).await;
    let cases: [(_, &[&str]); 9] = [
        (Equal, &["0", "1"]),
        (NotEqual, &["2", "3", "4", "5", "6", "7", "8", "9"]),
        (Greater, &["3", "5", "6", "8", "9"]),
        (Less, &["2", "4", "6", "7", "9"]),
        (GreaterOrEqual, &["0", "1", "3", "5", "6", "8", "9"]),
        (LessOrEqual, &["0", "1", "2", "4", "6", "7", "9"]),
        (StartsAfter, &["3"]),
        (EndsBefore, &["2"]),
        (Approximately, &["0", "1", "4", "5", "6", "7", "8", "9"]),
    ];
    for (compare, expected) in cases {
        assert_eq!(world.set(has("date", dated(compare, 10, 19))).await, expected, "{compare:?}");
    }
}
