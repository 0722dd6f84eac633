//! `ward key`, `ward hold`: keys and legal holds.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Key {
    /// Lists what is sealed, since when, and which versions of keys are in use.
    List,
    /// Gives keys a new version, and wraps with it what the older ones wrap. What is interrupted goes on with `ward key rewrap`, or with the server.
    Rotate {
        /// The key-encryption key, in its file; otherwise the tenant's key.
        #[arg(long)]
        kek: bool,
    },
    /// Wraps again, with the newest versions, what older ones wrap.
    Rewrap,
    /// Seals anew the bodies that were written before `seal_bodies` was turned on, or with an older version of the tenant's key, beside a running server. What is interrupted goes on
    /// with the next call.
    Reseal,
    /// Removes the versions that nothing needs any more.
    Retire,
    /// Copies the keys and the list of erasures into a folder, in the place of what is there. The key-encryption key is not among them.
    Copy {
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub enum Hold {
    /// Keeps the record of a patient, or everything, from being removed for good.
    Add(HoldOf),
    /// Lists the cases that hold a patient; without one, all cases, with the number of patients.
    List {
        /// The patient, by id.
        #[arg(long, value_name = "ID")]
        patient: Option<String>,
    },
    /// Ends a hold.
    Release(HoldOf),
}

#[derive(Debug, Args)]
pub struct HoldOf {
    /// The name of the case, at most 64 bytes, and never that of a person.
    #[arg(value_name = "CASE")]
    pub case: String,
    /// The patient, by id.
    #[arg(long, value_name = "ID", required_unless_present = "all")]
    pub patient: Option<String>,
    /// Everything.
    #[arg(long, conflicts_with = "patient")]
    pub all: bool,
}
