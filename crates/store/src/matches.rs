//! What a filter means, stated once over entries. Engines may find their answers in any way, if they are these.
//!
//! - [`fn@test`]: whether one value passes a test.
//! - [`filter`]: whether a resource passes a filter.
//! - [`fn@score`]: how well a resource fits.
//!
//! The rules are those of <http://hl7.org/fhir/R4/search.html>; the modules say where it leaves a choice.

mod compare;
mod distance;
pub mod filter;
mod score;
mod similarity;
mod test;
mod uri;

pub use compare::{compare_dates, compare_numbers};
pub use distance::{distance_mm, latitudes_within};
pub use filter::{Candidate, Others, passes, passing_inside};
pub use score::score;
pub use similarity::similarity;
pub use test::test;
pub use uri::is_at_or_below;
