//! No core files: a copy of the process's memory has keys, tokens and records in it, and would lie on a disk where nobody expects them.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Makes sure that a crash leaves no core file, and that no other process of the same user looks into this one's memory, its environment or its
/// open files. What the system does not allow is left as it is: no command fails for it.
pub fn forbid() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Core);
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    if setrlimit(Resource::Core, none).is_err() {
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum });
    }
    // The limit does not hold where the system hands cores to a program (`core_pattern` with a pipe); this does.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}
