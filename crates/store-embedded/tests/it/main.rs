//! The embedded engine, tested as a whole.

mod backups;
mod clocks;
mod costs;
mod defining;
mod erasing;
mod fixture;
mod full_disk;
mod groups;
mod index;
mod kept;
mod killing;
mod opening;
mod searching;
mod suite;
mod witnessing;
