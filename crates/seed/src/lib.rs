//! A synthetic hospital: its house, its staff and its patients, each with a story that hangs together on a chart.
//!
//! [`Hospital`] yields R4 resources one after the other. A reference points only to a resource that came before, so they can be
//! stored in groups, in order. The same [`Plan`] gives the same resources, to the byte, on every machine.
//!
//! [`smallest`] makes a resource of any type with no more than it must have.
//!
//! Nobody in it exists: names are drawn from tables, telephone numbers from ranges kept free for fiction, mail addresses and
//! systems from the domain `example`.
//!
//! This crate knows no I/O, no clock, no network and no store: the day that counts as today is part of the plan.

mod chart;
mod coding;
mod course;
mod draft;
mod hospital;
mod house;
mod measure;
mod moment;
mod person;
mod plan;
mod random;
pub mod smallest;

pub use hospital::Hospital;
pub use plan::Plan;
