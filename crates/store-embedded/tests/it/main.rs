//! The embedded engine, tested as a whole.

mod backups;
mod clocks;
mod costs;
mod defining;
mod disk_faults;
mod erasing;
mod fixture;
mod full_disk;
mod groups;
mod index;
mod kept;
mod killing;
mod machine;
mod opening;
mod sealing;
mod searching;
mod simulation;
mod suite;
mod witnessing;
