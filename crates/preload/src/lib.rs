//! The library that stands between a process and the kernel: `LD_PRELOAD` makes the process find these functions before those of the
//! system's library of the same names. Each asks the kernel itself, so that nothing of the system's library is needed for it; files that are
//! not below the watched folder are passed on as they are.
//!
//! - [`watch`]: what is watched, which open files belong to it, and the trace.
//! - [`faults`]: what is to fail, and how full the disk is.
//! - [`kernel`]: the calls to the kernel.
//! - [`opening`], [`content`], [`syncing`], [`naming`]: the functions.
//!
//! A memory map that is written to is not seen: SQLite's index of its log is one, which it makes anew after a crash.
#![cfg(all(target_os = "linux", target_pointer_width = "64"))]
#![allow(unsafe_code, reason = "the functions of a C library have pointers as parameters")]

mod content;
mod faults;
mod kernel;
mod naming;
mod opening;
mod syncing;
mod watch;
