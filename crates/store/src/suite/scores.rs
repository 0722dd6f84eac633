//! How well resources fit.

use crate::entry::Param;
use crate::query::{Filter, Query, Sort, SortBy};

use super::sample::{param, query, sample, text};
use super::world::{World, ids};

async fn scored(world: &World, rank: &[(Param, &str)], descending: bool) -> (Vec<String>, Vec<u16>) {
    let rank = rank.iter().map(|(param, text)| (*param, Box::from(*text))).collect();
    let sort = vec![Sort { by: SortBy::Score, descending }];
    let answer = world.search(&Query { rank, sort, ..query(Filter::everything()) }).await;
    (ids(&answer.matches), answer.scores)
}

pub(super) async fn order_by_likeness(mut world: World) {
    world
        .put(vec![
            sample("Observation/far").with("note", text("quux")).put(),
            sample("Observation/like").with("note", text("Annegret")).put(),
            sample("Observation/same").with("note", text("zzz")).with("note", text("it is Anna who came")).put(),
            sample("Observation/none").put(),
        ])
        .await;
    world.restart().await;
    let (found, scores) = scored(&world, &[(param("note"), "anna")], true).await;
    assert_eq!(found, ["same", "like", "none", "far"]);
    assert!(scores[0] == 1000 && (500..1000).contains(&scores[1]) && scores[2..] == [0, 0], "{scores:?}");
    let (found, _) = scored(&world, &[(param("note"), "anna")], false).await;
    assert_eq!(found, ["none", "far", "like", "same"]);
    let (_, two) = scored(&world, &[(param("note"), "anna"), (param("note"), "it")], true).await;
    assert_eq!(two[0], 1000, "both texts are there");
    let (_, half) = scored(&world, &[(param("note"), "anna"), (param("other"), "it")], true).await;
    assert_eq!(half[0], 500, "the mean of two texts");
    let (_, either) = scored(&world, &[(param("note"), "anna"), (param("other"), "anna")], true).await;
    assert_eq!(either[0], 1000, "one text, under two parameters");
    assert!(world.search(&query(Filter::everything())).await.scores.is_empty());
}
