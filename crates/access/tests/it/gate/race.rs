//! What others change between the look and the commit.

use std::sync::{Arc, Mutex};

use access::Gate;
use search::Live;
use store::commit::{Commit, CommitError, Committed, Conflict};
use store::contract::Pending;
use store::memory::MemoryStore;
use store::{Layer, Store};

use crate::gate::world::{World, commit, conflict, key, observation};

/// A store in which somebody else is faster: their commit is applied before the first that comes.
struct Overtaken {
    store: Arc<MemoryStore>,
    first: Mutex<Option<Commit>>,
}

impl Layer for Overtaken {
    fn behind(&self) -> &dyn Store {
        &*self.store
    }

    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        let first = self.first.lock().expect("a lock").take();
        Box::pin(async move {
            if let Some(first) = first {
                self.store.commit(first).await.expect("it is written");
            }
            self.store.commit(commit).await
        })
    }
}

/// What becomes of a commit of Patient 1 when another one is applied just before it.
async fn overtaken(world: &World, first: Commit, own: Commit) -> Result<Committed, CommitError> {
    let store = Arc::new(Overtaken { store: world.store.clone(), first: Mutex::new(Some(first)) });
    let gate = Gate::new(store, Live::from(world.registry.clone()), Arc::new(world.own("1")));
    gate.commit(own).await
}

fn puts(world: &World, text: &str) -> Commit {
    Commit { put: vec![world.ready(text)], ..commit() }
}

#[tokio::test]
async fn what_became_somebody_else_s_meanwhile_is_not_written() {
    let world = World::hospital().await;
    let (moved, own) = (puts(&world, &observation("o1", "2", "final")), puts(&world, &observation("o1", "1", "amended")));
    assert_eq!(conflict(overtaken(&world, moved, own).await), Conflict::Missing(key("Observation/o1")));
}

#[tokio::test]
async fn what_became_somebody_else_s_meanwhile_is_not_deleted() {
    let world = World::hospital().await;
    let moved = puts(&world, &observation("o1", "2", "final"));
    let own = Commit { delete: vec![key("Observation/o1")], ..commit() };
    assert_eq!(overtaken(&world, moved, own).await.expect("it is applied").versions, [0]);
}

#[tokio::test]
async fn what_is_still_one_s_own_is_written_at_the_second_try() {
    let world = World::hospital().await;
    let (changed, own) = (puts(&world, &observation("o1", "1", "corrected")), puts(&world, &observation("o1", "1", "amended")));
    assert_eq!(overtaken(&world, changed, own).await.expect("it is applied").versions, [3]);
}
