//! Cursors of the change feed.

use crate::commit::Commit;

use super::sample::{TENANT, act};
use super::world::World;

pub(super) async fn move_with_their_commit(mut world: World) {
    let at = async |world: &World, name: &str| world.store().cursor(TENANT, name).await.expect("a cursor");
    let moving = |moves: &[(&str, u64)]| Commit { advance: moves.iter().map(|(name, to)| ((*name).into(), *to)).collect(), ..act() };
    assert_eq!(at(&world, "mirror").await, 0);
    world.commit(moving(&[("mirror", 5), ("other", 1), ("mirror", 7)])).await;
    world.refused(Commit { finish: vec![1], ..moving(&[("mirror", 9)]) }).await;
    world.restart().await;
    assert_eq!((at(&world, "mirror").await, at(&world, "other").await), (7, 1));
    world.commit(moving(&[("mirror", 2)])).await;
    assert_eq!(at(&world, "mirror").await, 2, "back, too");
}
