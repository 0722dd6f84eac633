//! What an engine says of its way to an answer.

use crate::query::{Filter, Query, Sort, SortBy, Subject, Work};

use super::sample::{coded, has, kind, param, query, sample, token};
use super::world::World;

pub(super) async fn only_when_asked(world: World) {
    for id in 0..20 {
        let code = if id == 7 { "rare" } else { "often" };
        world.put(vec![sample(&format!("Observation/{id}")).with("code", token("s", code)).dated(id).put()]).await;
    }
    world.put(vec![sample("Patient/1").put()]).await;
    let rare = query(has("code", coded("s|rare")));
    let plain = world.search(&rare).await;
    assert_eq!(plain.explanation, None);
    let sorts = [vec![], vec![Sort { by: SortBy::Params(vec![param("code")]), descending: true }]];
    for sort in sorts {
        let both = vec![rare.subjects[0].clone(), Subject { kind: kind("Patient"), filter: Filter::everything() }];
        let explained = world.search(&Query { explain: true, subjects: both, sort, ..rare.clone() }).await;
        assert_eq!(explained.matches.len(), 2);
        let explanation = explained.explanation.expect("an explanation");
        let kinds = explanation.steps.iter().filter_map(|step| match &step.work {
            Work::Find { kind, .. } => Some(*kind),
            _ => None,
        });
        let is_walked = explanation.steps.iter().any(|step| step.work == Work::Walk);
        let kinds: Vec<_> = kinds.collect();
        assert!(is_walked || kinds == [kind("Observation"), kind("Patient")], "a step for each type: {explanation:#?}");
        let most: u64 = explanation.steps.iter().map(|step| step.took_us).max().unwrap_or(0);
        assert!(most <= explanation.took_us, "{explanation:#?}");
    }
}
