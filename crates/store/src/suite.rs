//! The cases that every engine passes.
//!
//! [`run`] takes an engine through the cases, one subject a module; [`random::compare`] applies random operations to it and
//! to the reference engine, and stops at the first answer that differs. Both panic when something is wrong: they are called
//! from tests. An engine gives them a [`Harness`], and [`synthetic::SyntheticExtract`] to whatever in it derives entries again.

mod chains;
mod claims;
mod clock;
mod clocks;
mod cursors;
mod erasing;
mod expectations;
mod explanations;
mod feed;
mod hidden;
pub mod histories;
mod history;
mod includes;
mod jobs;
mod numbers;
mod paging;
mod past;
mod postings;
mod prng;
mod races;
pub mod random;
mod sample;
mod scores;
mod search;
mod sort;
mod subjects;
pub mod synthetic;
mod tenants;
mod trails;
mod versions;
mod world;

use std::pin::Pin;
use std::sync::Arc;

use crate::contract::{Clock, Pending, Store};
use world::World;

pub use clock::ManualClock;

/// A place for a store, empty at first.
pub trait Harness: Send {
    /// Opens what is there. When it is called again, the suite has dropped the store opened before: what that one acknowledged is there.
    fn open(&mut self, clock: Arc<dyn Clock>) -> Pending<'_, Arc<dyn Store>>;
}

/// A case: what an engine does in a world of its own.
type Case = fn(World) -> Pin<Box<dyn Future<Output = ()>>>;

macro_rules! cases {
    ($($($path:ident)::+),* $(,)?) => {
        [$((stringify!($($path)::+), |world| Box::pin($($path)::+(world)))),*]
    };
}

const CASES: &[(&str, Case)] = &cases![
    versions::count_from_one,
    versions::bodies_are_stamped,
    versions::deletion_is_a_version,
    versions::recreation_counts_on,
    versions::nothing_there,
    versions::survive_a_restart,
    versions::time_never_goes_back,
    expectations::version,
    expectations::existence,
    expectations::matches,
    expectations::are_judged_before_the_commit,
    expectations::come_in_order,
    expectations::nothing_happens_on_conflict,
    claims::exclude_each_other,
    claims::are_counted,
    claims::peak_counts_not_sum,
    claims::expire_and_are_confirmed,
    claims::must_be_sound,
    claims::are_released,
    postings::balance,
    postings::guarded_accounts_stay_above_zero,
    postings::units_and_bounds,
    numbers::have_no_gaps,
    numbers::may_be_expected,
    jobs::are_leased,
    jobs::come_due,
    jobs::are_finished_once,
    feed::tells_every_commit,
    feed::wakes_followers,
    cursors::move_with_their_commit,
    history::of_one_type_and_all,
    history::in_time,
    history::in_pages,
    history::in_pages_of_so_many_bytes,
    search::tokens::by_system_and_code,
    search::tokens::among_many,
    search::tokens::among_many_of_many,
    search::strings::by_beginning_part_and_whole,
    search::strings::long_ones,
    search::dates::by_prefix,
    search::numbers::by_prefix,
    search::numbers::with_units,
    search::references::local_and_outside,
    search::references::uris_above_and_below,
    search::composites::component_by_component,
    search::points::within_a_distance,
    search::contained::by_their_own_entries,
    search::contained::chains_lead_into_them,
    search::combined::and_or_not,
    search::combined::ids_and_last_updated,
    search::combined::follows_updates_and_deletions,
    sort::newest_first_unless_told,
    sort::by_parameter,
    sort::by_id_and_last_updated,
    paging::every_resource_once,
    paging::under_writes,
    paging::backwards,
    past::is_what_was_there,
    past::has_the_versions_of_then,
    past::orders_and_pages_stay,
    past::other_resources_are_of_then,
    subjects::are_found_together,
    subjects::are_paged_together,
    scores::order_by_likeness,
    explanations::only_when_asked,
    includes::both_ways,
    includes::iterate_and_end,
    hidden::is_not_brought_along,
    hidden::leads_nowhere,
    hidden::is_not_counted,
    hidden::is_not_told_of,
    hidden::is_kept_apart,
    chains::deep,
    chains::forward_and_reverse,
    erasing::leaves_nothing_to_read,
    erasing::keeps_the_current_version,
    erasing::counts_on,
    erasing::is_guarded_and_told,
    erasing::stays_within_its_tenant,
    tenants::see_nothing_of_each_other,
    trails::are_told_with_the_commit,
    trails::wait_for_no_refused_commit,
    clocks::keep_the_order,
    clocks::are_asked_about,
    clocks::hold_pages,
    races::one_gets_the_slot,
    races::one_creates_if_none_exists,
    races::one_updates_a_version,
    races::one_creates_an_id,
    races::as_many_as_there_are_beds,
    races::stock_is_handed_out_until_it_is_gone,
    races::one_finishes_a_job,
    races::everybody_gets_a_number,
    races::readers_see_whole_commits,
];

/// Runs all cases, each in a fresh harness, on a runtime of tokio. Prints the name of each before it runs, so that the last name printed is the one that failed.
///
/// # Panics
/// When a case fails.
pub async fn run(fresh: impl Fn() -> Box<dyn Harness>) {
    for (name, case) in CASES {
        println!("store suite: {}", name.replace(' ', ""));
        case(World::new(fresh()).await).await;
    }
    println!("store suite: {} cases passed", CASES.len());
}
