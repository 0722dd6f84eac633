//! The second factors of an account, for somebody who has lost theirs.

use super::{known, named, only_here};
use crate::asked::{Asked, Reply};
use crate::desk::Desk;
use crate::refusal::Refusal;

pub(crate) async fn reset_factors(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let kept = known(desk, asked, ids[0]).await?;
    desk.may_change(asked, &kept.id, &kept.record).await?;
    only_here(asked, &kept.record)?;
    desk.identity.remove_factors(&kept.id).await?;
    Ok(Reply::done(named(&kept.id, &kept.record)))
}
