//! The embedded engine, tested as a whole.

mod altered;
mod backups;
mod clocks;
mod continuous;
mod costs;
mod defining;
mod erasing;
mod fixture;
mod full_disk;
mod groups;
mod index;
mod kept;
mod killing;
mod ledger;
mod opening;
mod searching;
mod shipping;
mod suite;
mod upgrading;
mod witnessing;
