//! Disks that lose, fail and flip: power losses under many writers, calls that fail one after the other, damaged bytes, commits that a dead
//! process did not sync.

mod acts;
mod damage;
mod failing;
mod power;
mod seen;
