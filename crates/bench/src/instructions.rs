//! Fixed work, for counting instructions: `bench instructions` under `valgrind --tool=callgrind`.
//!
//! Clocks say little on a machine that others use; how many instructions a piece of work takes hardly varies. `cargo xtask instructions` runs
//! this and compares the counts with those in `instructions.txt`. Each piece is done once beforehand, so that what is made once is not
//! counted; then [`measured`] calls it, which is where callgrind begins and ends to count, over all threads.

mod meaning;
mod server;
mod work;

use crate::Failure;

/// A piece of work: its name, how many things it does, and how it does them, the same each time.
pub struct Work {
    name: &'static str,
    operations: u64,
    run: Box<dyn FnMut()>,
}

/// Does each piece twice, the second time counted, and prints its name and how many operations it has.
pub fn run() -> Result<(), Failure> {
    for mut work in work::all()? {
        (work.run)();
        measured(&mut *work.run);
        println!("{} {}", work.name, work.operations);
    }
    Ok(())
}

/// What is counted. It has a name of its own in the program, by which callgrind knows it.
#[inline(never)]
fn measured(work: &mut dyn FnMut()) {
    work();
}
