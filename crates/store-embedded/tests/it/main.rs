//! The embedded engine, tested as a whole.

mod altered;
mod backups;
mod body_seal;
mod clocks;
mod continuous;
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
mod ledger;
mod machine;
mod opening;
mod pairs;
mod sealing;
mod searching;
mod shipping;
mod simulation;
mod suite;
mod upgrading;
mod witnessing;
