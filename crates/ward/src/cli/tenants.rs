//! `ward tenant`: houses that share a server.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Tenant {
    /// Makes a tenant. Its addresses begin with /t/NAME, and are bare at hosts of its own.
    Add {
        /// Its name in addresses: a to z, 0 to 9 and -. It is never given to another.
        slug: String,
        #[command(flatten)]
        with: About,
    },
    /// Lists the tenants.
    List,
    /// Shows what is known of a tenant.
    Show { slug: String },
    /// Changes what is known of a tenant. What is not given stays as it is.
    Set {
        slug: String,
        #[command(flatten)]
        with: About,
        /// It has no host of its own any more.
        #[arg(long, conflicts_with = "hosts")]
        no_host: bool,
    },
    /// Keeps everybody out of a tenant, until it is reactivated.
    Suspend { slug: String },
    /// Lets people in again to a tenant that is suspended, or was to be deleted.
    Reactivate { slug: String },
    /// Writes everything of a tenant into a folder: its resources as NDJSON, a file for each type, what is known of it, its members and its clients.
    Export {
        slug: String,
        /// The folder. It must not exist yet.
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
    /// Deletes a tenant, in two steps: first nobody is let in any more, then, with --for-good, everything of it is erased.
    ///
    /// A --for-good that was cut off goes on where it was when it is asked for again. Backups made before still have everything.
    Delete {
        slug: String,
        /// Erases everything of a tenant that is marked.
        #[arg(long, requires = "confirm")]
        for_good: bool,
        /// The name of the tenant once more.
        #[arg(long, value_name = "NAME", requires = "for_good")]
        confirm: Option<String>,
    },
}

/// What may be said of a tenant.
#[derive(Debug, Args)]
pub struct About {
    /// The name to show.
    #[arg(long)]
    pub name: Option<String>,
    /// A host of its own, as north.example.org; may be given several times.
    #[arg(long = "host", value_name = "HOST")]
    pub hosts: Vec<String>,
    /// Its colour, dark enough for white text, as #00566b.
    #[arg(long, value_name = "#RRGGBB")]
    pub accent: Option<String>,
    /// Its language, as de-CH.
    #[arg(long)]
    pub locale: Option<String>,
    /// The time zone in which its rules say hours, as Europe/Zurich.
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<String>,
}
