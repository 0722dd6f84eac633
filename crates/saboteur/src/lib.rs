//! Faults for a whole process: the files below one folder fail, fill up, or are as a disk leaves them when the power goes.
//!
//! - [`launch`]: lets a command run with the library that stands between it and the kernel (`crates/preload`).
//! - [`record`]: one thing that the process did to the folder, as the library writes it down.
//! - [`trace`]: all of them in their order, among them the marks that a test sets.
//! - [`disk`]: what of a trace is surely on the disk, what perhaps, and one of the many ways in which the power can fail.
//!
//! It knows nothing of Ward, and no product depends on it.

pub mod disk;
pub mod launch;
pub mod random;
pub mod record;
pub mod trace;
