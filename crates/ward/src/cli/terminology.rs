//! What `ward terminology` takes.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Terminology {
    /// Loads the files that code systems are published in. What is there already is left as it is; another version stands beside it.
    Load(Load),
    /// Lists the code systems that are loaded.
    List,
    /// Takes loaded code systems away.
    Remove {
        /// The code systems, as `SYSTEM|VERSION`, or SYSTEM for all versions of it.
        #[arg(required = true, value_name = "SYSTEM[|VERSION]")]
        systems: Vec<String>,
    },
}

#[derive(Debug, Args)]
pub struct Load {
    /// Files, folders and zip archives as their publishers give them out; docs/terminology.md lists them.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The format, where it is not to be found out: for all, or once for each PATH.
    #[arg(long = "as", value_name = "FORMAT")]
    pub formats: Vec<String>,
    /// The canonical address of the code system, where the file does not say it or says another one.
    #[arg(long, value_name = "URL")]
    pub system: Option<String>,
    /// Its version, where the file does not say it or says another one.
    #[arg(long, value_name = "VERSION")]
    pub system_version: Option<String>,
}
