//! What happens to accounts, from the first start to their end: one file for each.

mod administering;
mod changing;
mod finding;
mod invitation;
mod password;
mod registration;
mod set_up;
mod verification;

pub use administering::Roster;
pub use changing::Profile;
pub use finding::{Found, Which};
pub use invitation::Invitation;
pub use registration::Registration;
pub use set_up::SetUp;
