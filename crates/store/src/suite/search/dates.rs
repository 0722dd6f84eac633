//! Dates.

use crate::query::Compare::*;
use crate::suite::sample::{date, dated, has, sample};
use crate::suite::world::World;

/// Intervals as the values of any parameter, and as those of the date of the type, which engines may order by.
pub(in crate::suite) async fn by_prefix(world: World) {
    by_prefix_of(&world, "date", |_| 0).await;
    by_prefix_of(&world, "natural", |first| first).await;
}

async fn by_prefix_of(world: &World, param: &str, natural: impl Fn(i64) -> i64) {
    let intervals =
        [(10, 19), (12, 12), (5, 9), (20, 29), (5, 15), (15, 25), (0, 99), (i64::MIN, 12), (12, i64::MAX), (i64::MIN, i64::MAX)];
    let put = intervals
        .iter()
        .enumerate()
        .map(|(id, (first, last))| sample(&format!("Observation/{id}")).with(param, date(*first, *last)).dated(natural(*first)).put());
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
        assert_eq!(world.set(has(param, dated(compare, 10, 19))).await, expected, "{param} {compare:?}");
    }
}
