//! The order of what a search finds.

use crate::entry::EntryValue;
use crate::query::{Filter, Query, Sort, SortBy};

use super::sample::{date, number, param, quantity, query, sample, text, token};
use super::world::{START, World, ids};

/// A parameter, its values in Observation/1 to 4, and their order upwards and downwards.
type Column = (&'static str, [Option<EntryValue>; 4], [&'static str; 4], [&'static str; 4]);

async fn sorted(world: &World, sort: &[(SortBy, bool)]) -> Vec<String> {
    let sort = sort.iter().map(|(by, descending)| Sort { by: by.clone(), descending: *descending }).collect();
    ids(&world.search(&Query { sort, ..query(Filter::everything()) }).await.matches)
}

pub(super) async fn newest_first_unless_told(mut world: World) {
    world.put(vec![sample("Observation/1").dated(5).put(), sample("Observation/2").dated(9).put()]).await;
    world.put(vec![sample("Observation/3").put(), sample("Observation/4").dated(5).put(), sample("Observation/5").put()]).await;
    world.put(vec![sample("Observation/6").dated(-5).put()]).await;
    world.put(vec![sample("Observation/1").dated(5).marked(2).put()]).await;
    world.restart().await;
    let expected = ["2", "4", "1", "6", "5", "3"];
    assert_eq!(sorted(&world, &[]).await, expected, "ties are ended by the age of the resource, not of the version");
    assert_eq!(sorted(&world, &[(SortBy::Date, true)]).await, expected);
    assert_eq!(sorted(&world, &[(SortBy::Date, false)]).await, ["6", "4", "1", "2", "5", "3"]);
}

pub(super) async fn by_parameter(world: World) {
    let columns: [Column; 5] = [
        ("note", [Some(text("b")), Some(text("A")), None, Some(text("ab"))], ["2", "4", "1", "3"], ["1", "4", "2", "3"]),
        ("on", [Some(date(5, 9)), Some(date(-5, 99)), Some(date(5, 6)), None], ["2", "3", "1", "4"], ["3", "1", "2", "4"]),
        ("score", [Some(number("10")), Some(number("9.5")), Some(number("-3")), None], ["3", "2", "1", "4"], ["1", "2", "3", "4"]),
        (
            "value",
            [Some(quantity("2", "", "g")), Some(quantity("1", "", "mg")), Some(quantity("2", "", "a")), None],
            ["2", "3", "1", "4"],
            ["3", "1", "2", "4"],
        ),
        ("code", [Some(token("t", "a")), Some(token("s", "b")), Some(token("s", "a")), None], ["3", "1", "2", "4"], ["2", "1", "3", "4"]),
    ];
    for row in 0..4 {
        let filled = columns.iter().filter_map(|(code, values, ..)| Some((*code, values[row].clone()?)));
        world.put(vec![filled.fold(sample(&format!("Observation/{}", row + 1)), |made, (code, value)| made.with(code, value)).put()]).await;
    }
    for (code, _, up, down) in columns {
        let by = SortBy::Params(vec![param(code)]);
        assert_eq!(sorted(&world, &[(by.clone(), false)]).await, up, "{code}");
        assert_eq!(sorted(&world, &[(by, true)]).await, down, "{code}, largest first");
    }
    world.put(vec![sample("Observation/2").with("note", text("z")).with("note", text("aa")).put()]).await;
    let by = SortBy::Params(vec![param("note")]);
    assert_eq!(sorted(&world, &[(by.clone(), false)]).await, ["2", "4", "1", "3"], "the smallest of several");
    assert_eq!(sorted(&world, &[(by, true)]).await, ["2", "1", "4", "3"], "the largest of several");
}

pub(super) async fn by_id_and_last_updated(world: World) {
    for (at, id) in [(0, "b"), (1, "a"), (1, "B"), (2, "10"), (3, "9")] {
        world.clock.set(START + at);
        world.put(vec![sample(&format!("Observation/{id}")).put()]).await;
    }
    assert_eq!(sorted(&world, &[(SortBy::Id, false)]).await, ["10", "9", "B", "a", "b"]);
    assert_eq!(sorted(&world, &[(SortBy::Id, true)]).await, ["b", "a", "B", "9", "10"]);
    assert_eq!(sorted(&world, &[(SortBy::LastUpdated, false)]).await, ["b", "B", "a", "10", "9"]);
    assert_eq!(sorted(&world, &[(SortBy::LastUpdated, true), (SortBy::Id, true)]).await, ["9", "10", "a", "B", "b"]);
}
