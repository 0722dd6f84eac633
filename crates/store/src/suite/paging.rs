//! Pages.

use crate::query::{Filter, Page, Query, Sort, SortBy};

use super::sample::{coded, has, param, query, sample, token};
use super::world::{World, ids};

/// All orders that the cases page through.
fn orders() -> Vec<Vec<Sort>> {
    let by = |by, descending| Sort { by, descending };
    vec![
        vec![],
        vec![by(SortBy::Id, false)],
        vec![by(SortBy::LastUpdated, true)],
        vec![by(SortBy::Params(vec![param("rank")]), false)],
        vec![by(SortBy::Params(vec![param("rank")]), true), by(SortBy::Date, false)],
    ]
}

async fn ten(world: &World) {
    for id in 0..10_i64 {
        let one = sample(&format!("Observation/{id}")).with("code", token("s", if id == 4 { "b" } else { "a" }));
        let ranked = if id % 3 == 0 { one } else { one.with("rank", token("", if id % 2 == 0 { "x" } else { "y" })) };
        let dated = if id % 4 == 0 { ranked } else { ranked.dated(id / 3) };
        world.put(vec![dated.put()]).await;
    }
}

pub(super) async fn every_resource_once(mut world: World) {
    ten(&world).await;
    world.restart().await;
    for sort in orders() {
        let all = Query { sort, total: true, ..query(has("code", coded("s|a"))) };
        let whole = world.search(&all).await;
        assert_eq!((whole.matches.len(), whole.next, whole.total), (9, None, Some(9)));
        for count in [1, 2, 4, 9, 10] {
            let mut page = Query { count, ..all.clone() };
            let mut walked = Vec::new();
            loop {
                let answer = world.search(&page).await;
                assert!(answer.matches.len() <= count as usize);
                assert!(walked.len() <= whole.matches.len(), "pages go on for ever");
                assert_eq!(answer.total, Some(9), "the total is that of all pages");
                walked.extend(answer.matches);
                let Some(place) = answer.next else { break };
                page.page = Page::After(place);
            }
            assert_eq!(walked, whole.matches, "{:?} in pages of {count}", all.sort);
        }
    }
}

pub(super) async fn backwards(mut world: World) {
    ten(&world).await;
    world.restart().await;
    for sort in orders() {
        let all = Query { sort, ..query(has("code", coded("s|a"))) };
        let whole = world.search(&all).await;
        assert_eq!(whole.prev, None);
        for count in [1, 2, 4] {
            let mut page = Query { count, ..all.clone() };
            let mut last = world.search(&page).await;
            assert_eq!(last.prev, None, "nothing comes before the first page");
            while let Some(place) = last.next {
                page.page = Page::After(place);
                last = world.search(&page).await;
            }
            let mut walked = last.matches;
            let mut place = last.prev;
            while let Some(before) = place {
                page = Query { page: Page::Before(before), total: walked.len() == count as usize, ..page };
                let answer = world.search(&page).await;
                assert!(walked.len() <= whole.matches.len(), "pages go on for ever");
                assert_eq!(answer.total, page.total.then_some(9), "the total is that of all pages");
                assert!(answer.matches.is_empty() || answer.next.is_some(), "there is the page that was come from");
                walked = [answer.matches, walked].concat();
                place = answer.prev;
            }
            assert_eq!(walked, whole.matches, "{:?} back in pages of {count}", all.sort);
        }
    }
}

pub(super) async fn under_writes(world: World) {
    ten(&world).await;
    let mut page = Query { sort: orders().remove(1), count: 3, ..query(Filter::everything()) };
    let first = world.search(&page).await;
    assert_eq!(ids(&first.matches), ["0", "1", "2"]);
    // The page's last is gone, one comes before the place and one after it.
    world.delete("Observation/2").await;
    world.put(vec![sample("Observation/00").put(), sample("Observation/35").put()]).await;
    page.page = Page::After(first.next.expect("a next page"));
    let second = world.search(&page).await;
    assert_eq!(ids(&second.matches), ["3", "35", "4"]);
    world.delete("Observation/3").await;
    page.page = Page::Before(second.prev.expect("a page before"));
    let back = world.search(&page).await;
    assert_eq!(ids(&back.matches), ["0", "00", "1"]);
    page.page = Page::After(back.next.expect("a page after"));
    assert_eq!(ids(&world.search(&page).await.matches), ["35", "4", "5"]);
}
