//! Packages from files, folders and a registry, with those that they need.

use std::path::Path;

use fhir::Issue;
use package::plan::{Installed, Missing, Plan, plan};
use package::range::Range;
use package::registry::Listing;
use package::{Limits, Manifest, Package, Wanted};

use crate::command::Failure;
use crate::remote::Remote;

/// How many packages are got from a registry for one command.
const MOST_FETCHED: usize = 100;

/// How large the file of a package may be, packed.
const MOST_PACKED_BYTES: u64 = 256 << 20;

/// How large the list of a package's versions may be.
const MOST_LISTING_BYTES: usize = 16 << 20;

/// Gets packages.
pub struct Finder {
    registry: Option<Remote>,
    wanted: Wanted,
}

/// The packages, and what is to be done with them.
pub struct Found {
    /// All of them.
    pub packages: Vec<Package>,
    /// In which order they go in, and what is missing.
    pub plan: Plan,
}

impl Finder {
    /// Packages from files, and from the registry at this address when it is not empty; over https, of authorities that the system trusts or
    /// that are in a file.
    pub fn new(registry: &str, ca_file: &str, wanted: Wanted) -> Result<Self, Failure> {
        let registry = if registry.is_empty() { None } else { Some(Remote::registry(registry, ca_file)?) };
        Ok(Self { registry, wanted })
    }

    /// Gets what was named, and, when there is a registry, what that needs and is not there.
    pub async fn find(&self, named: &[String], installed: &[Installed]) -> Result<Found, Failure> {
        let mut packages = Vec::with_capacity(named.len());
        for name in named {
            packages.push(self.named(name).await?);
        }
        let mut fetched = 0;
        let mut asked: Vec<Missing> = Vec::new();
        loop {
            let manifests: Vec<&Manifest> = packages.iter().map(|package| &package.manifest).collect();
            let plan = plan(&manifests, installed);
            let next = plan.missing.iter().find(|missing| !asked.contains(missing)).cloned();
            let (Some(missing), Some(registry)) = (next, &self.registry) else { return Ok(Found { packages, plan }) };
            if fetched == MOST_FETCHED {
                return Err(Failure::refused(format!("more than {MOST_FETCHED} packages are needed: add some of them first")));
            }
            fetched += 1;
            if let Ok(range) = missing.dependency.range()
                && let Some(package) = self.fetch(registry, &missing.dependency.name, &range).await?
            {
                packages.push(package);
            }
            asked.push(missing);
        }
    }

    async fn named(&self, name: &str) -> Result<Package, Failure> {
        let path = Path::new(name);
        let told = |issue: Issue| Failure::failed(format!("{name}: {issue}"));
        let cannot = |error: std::io::Error| Failure::failed(format!("{name}: {error}"));
        if path.is_dir() {
            return Package::read_folder(path, self.wanted, Limits::default()).map_err(told);
        }
        if path.exists() {
            if path.metadata().map_err(cannot)?.len() > MOST_PACKED_BYTES {
                return Err(Failure::failed(format!("{name} has more than {MOST_PACKED_BYTES} bytes: it is not taken for a package")));
            }
            let bytes = std::fs::read(path).map_err(cannot)?;
            return Package::read(&bytes, self.wanted, Limits::default()).map_err(told);
        }
        let parts = name.split_once('@').filter(|(name, _)| package::manifest::is_name(name));
        let Some((known, version)) = parts else {
            return Err(Failure::usage(format!(
                "{name} is neither a file nor a folder, nor a package with its version, as hl7.fhir.us.core@6.1.0"
            )));
        };
        let range = Range::parse(version).map_err(|issue| Failure::usage(format!("{name}: {}", issue.diagnostics)))?;
        let Some(registry) = &self.registry else {
            return Err(Failure::failed(format!(
                "{name} is no file here, and there is no registry to ask: name one with the setting package_registry, or give the package's file"
            )));
        };
        let fetched = self.fetch(registry, known, &range).await?;
        fetched.ok_or_else(|| Failure::failed(format!("{name}: {} has no package of this name", registry.base_url())))
    }

    /// Gets a package from the registry; `None` when it knows no package of the name.
    async fn fetch(&self, registry: &Remote, name: &str, range: &Range) -> Result<Option<Package>, Failure> {
        let told = |issue: Issue| Failure::failed(format!("{name}@{range}: {issue}"));
        let Some(listing) = registry.download(name, MOST_LISTING_BYTES).await.map_err(Failure::failed)? else { return Ok(None) };
        let listing =
            fhir::json::parse(&listing).map_err(|error| Failure::failed(format!("{name}: the registry's answer is not JSON: {error}")))?;
        let listing = Listing::parse(name, &listing).map_err(told)?;
        let published = listing.choose(range).map_err(told)?;
        eprintln!("ward: {name}@{} from {}", published.version, registry.base_url());
        let file = registry.download(&published.tarball, MOST_PACKED_BYTES as usize).await.map_err(Failure::failed)?;
        let file = file.ok_or_else(|| Failure::failed(format!("{name}: the registry has no file at {}", published.tarball)))?;
        published.verify(&file).map_err(told)?;
        let package = Package::read(&file, self.wanted, Limits::default()).map_err(told)?;
        if package.manifest.name != name || package.manifest.version != published.version {
            let Manifest { name: other, version, .. } = &package.manifest;
            return Err(Failure::failed(format!("{name}@{}: what came is {other}@{version}", published.version)));
        }
        Ok(Some(package))
    }
}
