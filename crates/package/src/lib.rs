//! FHIR's NPM packages (<https://confluence.hl7.org/display/FHIR/NPM+Package+Specification>): unpack, manifest, dependencies.
//!
//! - [`archive`]: the files of a package, from a `.tgz`, a `.zip` of it, or a folder.
//! - [`manifest`]: what `package.json` says.
//! - [`content`]: the conformance resources.
//! - [`range`]: which versions a dependency accepts.
//! - [`placing`]: under which ids the resources are stored, and with which tags.
//! - [`plan`]: what is to be installed, in which order, and what is missing.
//! - [`registry`]: what a registry answers, and whether what it sent is what it says.
//!
//! Everything that a package says is taken for what a stranger has written: nothing of it is written to a disk, and all of it is bounded by
//! [`Limits`]. It does not know: the store, HTTP, the network.

pub mod archive;
pub mod codes;
pub mod content;
pub mod manifest;
pub mod placing;
pub mod plan;
pub mod range;
pub mod registry;

pub use archive::Limits;
pub use content::{Content, Resource};
pub use manifest::{Dependency, Manifest};

use fhir::Issue;

/// A package: its manifest and what it brings.
#[derive(Clone, Debug)]
pub struct Package {
    /// What its `package.json` says.
    pub manifest: Manifest,
    /// Its resources.
    pub content: Content,
}

/// What of a package is taken besides the conformance resources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The resources in `package/example` and `package/examples`, and those of other types in `package`, too.
    pub examples: bool,
}

impl Package {
    /// The package in the bytes of a `.tgz` or `.zip`.
    ///
    /// # Errors
    /// What is wrong with the archive (see [`archive`]), or with the manifest ([`Manifest::parse`]). What is wrong with single resources does not stand
    /// in the way: [`Content::left_out`].
    pub fn read(bytes: &[u8], wanted: Wanted, limits: Limits) -> Result<Self, Issue> {
        Self::of(archive::read(bytes, wanted, limits)?, wanted)
    }

    /// The package in a folder: one that holds `package/package.json`, or `package.json` itself.
    ///
    /// # Errors
    /// As [`Package::read`].
    pub fn read_folder(folder: &std::path::Path, wanted: Wanted, limits: Limits) -> Result<Self, Issue> {
        Self::of(archive::read_folder(folder, wanted, limits)?, wanted)
    }

    fn of(files: archive::Files, wanted: Wanted) -> Result<Self, Issue> {
        let manifest = Manifest::parse(&files.manifest)?;
        let content = Content::of(files.resources, wanted);
        Ok(Self { manifest, content })
    }
}
