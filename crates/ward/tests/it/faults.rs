//! Accidents of the disk under the whole program: the power fails, operations fail, there is no room.
//!
//! - [`load`]: what is written meanwhile, and noted when it was sent and when it was acknowledged.
//! - [`ledger`]: what the notes say must be there.
//! - [`verdict`]: whether it is, by the binary itself.

mod full_disk;
mod io_errors;
mod ledger;
mod load;
mod power_loss;
mod verdict;

use saboteur::disk::Disk;
use saboteur::record::Record;

/// What the disk was asked for.
fn disk_after(records: &[Record]) -> Disk<'_> {
    let mut disk = Disk::default();
    records.iter().for_each(|record| disk.apply(record).unwrap_or_else(|error| panic!("{error}")));
    disk
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}
