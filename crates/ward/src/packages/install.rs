//! Writing a package, and taking one away.

use fhir::Value;
use package::Package;
use package::placing::{Placed, packages, place, tagged};
use store::commit::Key;

use super::target::Target;
use crate::command::Failure;
use crate::import::ledger::{Rejected, Summary};
use crate::import::pipeline::{Pipeline, Work};
use crate::import::rejects::Origin;

/// What became of a package.
#[derive(Debug, Default)]
pub struct Installed {
    /// It, as `NAME@VERSION`.
    pub package: String,
    /// Resources that were created or changed.
    pub written: u64,
    /// Resources that were there as they are.
    pub unchanged: u64,
    /// Files that were left out, each with the reasons.
    pub left_out: Vec<(String, Vec<String>)>,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// Writes what the package brings and is not there yet: what search parameters are made of before these, and at the end the resource that says that the
/// package is there. What breaks off goes on when it is run again.
pub async fn install(target: &Target, package: &Package) -> Result<Installed, Failure> {
    let started = std::time::Instant::now();
    let name = package.manifest.to_string();
    let known = target.known(package).await?;
    let Placed { write, record, unchanged, left_out } = place(package, &known);
    let told = left_out.into_iter().map(|(file, issue)| (file, vec![issue.to_string()])).collect();
    let mut installed = Installed { package: name.clone(), unchanged: unchanged as u64, left_out: told, ..Installed::default() };
    let is_composite = |value: &Value| value.text("type") == Some("composite");
    let (composites, others): (Vec<_>, Vec<_>) = write.into_iter().partition(|(_, value)| is_composite(value));
    for step in [others, composites, record.into_iter().collect()] {
        if !step.is_empty() {
            installed.add(write_all(target, &name, step).await?);
        }
    }
    installed.seconds = started.elapsed().as_secs_f64();
    Ok(installed)
}

async fn write_all(target: &Target, name: &str, resources: Vec<(String, Value)>) -> Result<Summary, Failure> {
    let pipeline = Pipeline::new(target.import()?, 0, Rejected::Kept(Vec::new()));
    let name = name.to_owned();
    pipeline
        .run(move |take| {
            resources.into_iter().all(|(file, resource)| {
                let origin = Origin { file: format!("{name}!{file}").into(), line: 1, entry: None };
                take(Work::Resource(resource, origin))
            });
        })
        .await
}

impl Installed {
    fn add(&mut self, done: Summary) {
        self.written += done.written;
        self.unchanged += done.unchanged;
        self.left_out.extend(done.refused.into_iter().map(|reject| {
            let file = reject.origin.file.split_once('!').map_or("", |(_, file)| file).to_owned();
            (file, reject.issues)
        }));
    }
}

/// Deletes what the package, named as `NAME@VERSION`, has brought; what another has brought, too, loses its tag. Says how many were deleted.
pub async fn remove(target: &Target, package: &str) -> Result<u64, Failure> {
    let (mut put, mut delete) = (Vec::new(), Vec::new());
    for resource in target.brought(package).await? {
        let others: Vec<String> = packages(&resource).filter(|other| *other != package).map(str::to_owned).collect();
        let Some(key) = key_of(&resource) else { continue };
        if others.is_empty() {
            delete.push(key);
        } else {
            put.push(tagged(resource, others.iter().map(String::as_str)));
        }
    }
    let count = delete.len() as u64;
    target.change(put, delete).await?;
    Ok(count)
}

fn key_of(resource: &Value) -> Option<Key> {
    let kind = fhir::definitions::ResourceType::parse(resource.resource_type()?)?;
    Some(Key::new(kind, resource.text("id")?))
}
