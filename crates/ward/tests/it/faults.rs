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

use std::sync::atomic::{AtomicUsize, Ordering};

use saboteur::disk::Disk;
use saboteur::record::Record;

/// What the disk was asked for.
fn disk_after(records: &[Record]) -> Disk<'_> {
    let mut disk = Disk::default();
    records.iter().for_each(|record| disk.apply(record).unwrap_or_else(|error| panic!("{error}")));
    disk
}

/// Does some work for each of these, with as many threads as there are processors.
fn in_parallel<I: Sync, T: Send>(items: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let one = || std::iter::from_fn(|| items.get(next.fetch_add(1, Ordering::Relaxed)));
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get());
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| one().map(&work).collect::<Vec<T>>())).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker ends")).collect()
    })
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}
