//! Files under the resource that they stand with.

use access::{Act, Grant, Verdict};
use store::Store;
use store::query::{HistoryQuery, Query, Scope};

use super::world::{TENANT, World, everything, found, key, kind, with_rule};

fn file(id: &str, context: &str) -> String {
    format!(
        r#"{{"resourceType":"Binary","id":"{id}","contentType":"text/plain","securityContext":{{"reference":"{context}"}},"data":"c2VjcmV0"}}"#
    )
}

async fn world() -> World {
    let world = World::empty();
    for (id, status) in [("open", "current"), ("closed", "superseded")] {
        world
            .put(&format!(
                r#"{{"resourceType":"DocumentReference","id":"{id}","status":"{status}","content":[{{"attachment":{{"title":"x"}}}}]}}"#
            ))
            .await;
        world.put(&file(id, &format!("DocumentReference/{id}"))).await;
    }
    world.put(r#"{"resourceType":"Binary","id":"alone","contentType":"text/plain","data":"c2VjcmV0"}"#).await;
    world.put(&file("elsewhere", "https://elsewhere.example/fhir/DocumentReference/open")).await;
    world.put(&file("moved", "DocumentReference/closed")).await;
    world.put(&file("moved", "DocumentReference/open")).await;
    world.put(&file("removed", "DocumentReference/closed")).await;
    world.delete("Binary/removed").await;
    world
}

/// Everything, but of documents those that are current.
fn current(world: &World) -> Grant {
    with_rule(everything(), "DocumentReference", Act::Read, world.filter("DocumentReference", "status=current"))
}

#[tokio::test]
async fn a_file_is_seen_by_whom_its_context_is() {
    let world = world().await;
    let gate = world.gate(current(&world));
    let seen = async |id: &str| gate.read(TENANT, &key(&format!("Binary/{id}"))).await.expect("a read").is_some();
    assert_eq!((seen("open").await, seen("alone").await, seen("moved").await), (true, true, true));
    assert_eq!((seen("closed").await, seen("elsewhere").await), (false, false));
    let vread = async |id: &str, number: u64| gate.vread(TENANT, &key(&format!("Binary/{id}")), number).await.expect("a read").is_some();
    assert_eq!((vread("open", 1).await, vread("closed", 1).await), (true, false));
    assert_eq!((vread("moved", 1).await, vread("moved", 2).await), (false, true), "each by its own context, and the current one");
    let history = async |id: &str| {
        let scope = Scope::Instance(key(&format!("Binary/{id}")));
        let query = HistoryQuery { tenant: TENANT, scope, since: None, until: None, before: None, most_bytes: None, count: 10 };
        gate.history(&query).await.expect("a history").versions.len()
    };
    assert_eq!((history("open").await, history("closed").await, history("moved").await), (1, 0, 1));
    let past = gate.at(i64::MAX).read(TENANT, &key("Binary/closed")).await.expect("a read");
    assert!(past.is_none());
    let query = Query { count: 10, ..Query::new(TENANT, kind("Binary"), store::query::Filter::everything()) };
    let mut files = found(&gate, query.clone()).await.0;
    files.sort();
    assert_eq!(files, ["Binary/alone", "Binary/moved", "Binary/open"]);
    assert_eq!(found(&world.gate(everything()), query).await.0.len(), 5, "whoever may read everything sees them all");
}

#[tokio::test]
async fn a_file_without_a_right_to_its_context_is_not_there() {
    let world = world().await;
    let gate = world.gate(everything().with(kind("DocumentReference"), Act::Read, Verdict::Refused));
    for (id, is_seen) in [("open", false), ("closed", false), ("alone", true)] {
        assert_eq!(gate.read(TENANT, &key(&format!("Binary/{id}"))).await.expect("a read").is_some(), is_seen, "{id}");
    }
}
