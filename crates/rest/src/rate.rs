//! How often something may be done: quotas, and who has used up how much of theirs.

mod meter;
mod quota;

pub(crate) use meter::{Meter, Taken};
pub use quota::{BadQuota, Quota, Rates};
