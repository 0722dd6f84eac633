//! How many files the process may have open: connections are files.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files that the process needs beside its connections: the database, the index, logs.
const OTHERS: usize = 500;

/// Allows the process as many open files as the system lets it allow itself, and says how many that are; `None`: there is no limit.
pub fn raise() -> Option<u64> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum && setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).is_ok() {
        return maximum;
    }
    current
}

/// How many connections there can be, when so many are wanted and so many files allowed.
pub fn connections(wanted: usize, allowed: Option<u64>) -> usize {
    let room = allowed.map_or(usize::MAX, |allowed| usize::try_from(allowed).unwrap_or(usize::MAX)).saturating_sub(OTHERS);
    wanted.min(room.max(1))
}
