//! Lets a command run with the library between it and the kernel.
//!
//! What the library is to do it reads from environment variables, whose names are here.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::record::Operation;

/// The folder whose files are watched: an absolute path without links in it.
pub const FOLDER: &str = "SABOTEUR_FOLDER";

/// The file that everything is appended to.
pub const TRACE: &str = "SABOTEUR_TRACE";

/// What fails: the operation, which of them, and a part of the paths that count, as `sync:3:ward.sqlite3`.
pub const FAIL: &str = "SABOTEUR_FAIL";

/// A part of the paths whose syncs do nothing, and say that they did.
pub const LIE: &str = "SABOTEUR_LIE";

/// A part of the paths that there may be no room for, and the file that makes the disk full for them while it is there, as `index-:/tmp/gate`. It
/// says how many bytes are left.
pub const FULL: &str = "SABOTEUR_FULL";

/// What a saboteur does to a process.
#[derive(Clone, Debug)]
pub struct Saboteur {
    folder: PathBuf,
    variables: Vec<(&'static str, String)>,
}

impl Saboteur {
    /// One that watches the files below `folder`, and does nothing yet.
    ///
    /// # Panics
    /// When the folder is not there.
    pub fn of(folder: &Path) -> Self {
        let folder = folder.canonicalize().unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        Self { variables: vec![(FOLDER, folder.display().to_string())], folder }
    }

    /// The folder, without links in its path: the process has to be given it by this path.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Also writes down everything, into the file `trace`, which is not below the folder.
    pub fn recording(self, trace: &Path) -> Self {
        self.with(TRACE, trace.display().to_string())
    }

    /// Also lets one operation fail with EIO: the `nth`, from 1, of those on files whose path below the folder contains `path`.
    pub fn failing(self, operation: Operation, nth: u64, path: &str) -> Self {
        self.with(FAIL, format!("{operation}:{nth}:{path}"))
    }

    /// Also lets syncs of files whose path below the folder contains `path` do nothing.
    pub fn lying(self, path: &str) -> Self {
        self.with(LIE, path.to_owned())
    }

    /// Also lets the disk be full while the file `gate` is there, for files whose path below the folder contains `path`; a number in the gate says
    /// how many bytes there are left for them to grow, in blocks of 4,096.
    pub fn filling(self, gate: &Path, path: &str) -> Self {
        self.with(FULL, format!("{path}:{}", gate.display()))
    }

    fn with(mut self, name: &'static str, value: String) -> Self {
        self.variables.push((name, value));
        self
    }

    /// Lets a command run with it.
    ///
    /// # Panics
    /// When the library is not beside the program of this process: its crate has to be a dependency of the tests.
    pub fn attach(&self, command: &mut Command) {
        command.env("LD_PRELOAD", library()).envs(self.variables.iter().map(|(name, value)| (name, value)));
    }
}

/// The library, which cargo puts beside the test programs that depend on it.
fn library() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let library = program.with_file_name("libsaboteur_preload.so");
    assert!(library.exists(), "{} is missing: is saboteur-preload a dependency of these tests?", library.display());
    library
}
