//! What is to be installed, in which order, and what is missing.

use std::collections::{HashMap, HashSet};

use fhir::{Issue, IssueCode};

use crate::codes;
use crate::manifest::{Dependency, Manifest, is_core};

/// A package that is there already.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Installed {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// What is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The places of the packages in what was given, each after those that it needs.
    pub order: Vec<usize>,
    /// What is needed and neither given nor there, each once, and who needs it.
    pub missing: Vec<Missing>,
    /// What cannot be had as it is asked for.
    pub conflicts: Vec<Issue>,
}

/// A package that is needed and not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What is needed.
    pub dependency: Dependency,
    /// The first that needs it.
    pub by: String,
    /// The versions of it that are there.
    pub others: Vec<String>,
}

impl Missing {
    /// The same as a warning for people.
    pub fn issue(&self) -> Issue {
        let Missing { dependency, by, others } = self;
        let there = if others.is_empty() { String::new() } else { format!(" ({} is there)", others.join(", ")) };
        let rule = format!("{by} needs {dependency}, which is not there{there}: what builds on it cannot be judged before it is added");
        Issue::error(codes::MISSING_DEPENDENCY, IssueCode::NotFound, "", rule).with_severity(fhir::Severity::Warning)
    }
}

/// Plans the installation of `given` beside what is there. Packages that need each other in a circle keep their order.
///
/// Two versions of a package stand beside each other, so that two packages may need different ones.
pub fn plan(given: &[&Manifest], installed: &[Installed]) -> Plan {
    let mut planning = Planning { given, installed, plan: Plan::default(), begun: HashSet::new(), told: HashSet::new() };
    let mut first: HashMap<(&str, &str), usize> = HashMap::new();
    for (index, manifest) in given.iter().enumerate() {
        if first.insert((&manifest.name, &manifest.version), index).is_some() {
            let rule = format!("{manifest} is given twice: give one of them");
            planning.plan.conflicts.push(Issue::error(codes::CONFLICT, IssueCode::Conflict, "", rule));
        }
    }
    (0..given.len()).for_each(|index| planning.add(index));
    planning.plan
}

struct Planning<'a> {
    given: &'a [&'a Manifest],
    installed: &'a [Installed],
    plan: Plan,
    begun: HashSet<usize>,
    told: HashSet<&'a Dependency>,
}

impl<'a> Planning<'a> {
    /// Puts a package after all that it needs. The depth is bounded by the number of packages, which were all read before.
    fn add(&mut self, index: usize) {
        if !self.begun.insert(index) {
            return;
        }
        let manifest = self.given[index];
        for dependency in &manifest.dependencies {
            if let Some(needed) = self.find(manifest, dependency) {
                self.add(needed);
            }
        }
        self.plan.order.push(index);
    }

    /// The given package that is meant, if one is. What is missing or cannot be had is noted.
    fn find(&mut self, manifest: &Manifest, dependency: &'a Dependency) -> Option<usize> {
        let by = manifest.to_string();
        let range = match self.judge(&by, dependency) {
            Ok(range) => range,
            Err(issue) => {
                if self.told.insert(dependency) {
                    self.plan.conflicts.push(issue);
                }
                return None;
            }
        };
        let given = self.given.iter().filter(|other| other.name == dependency.name);
        let installed = self.installed.iter().filter(|other| other.name == dependency.name).map(|other| other.version.as_str());
        let mut versions: Vec<&str> = given.map(|other| other.version.as_str()).chain(installed).collect();
        if let Some(chosen) = range.choose(versions.iter().copied()) {
            return self.given.iter().position(|other| other.name == dependency.name && other.version == chosen);
        }
        versions.sort_unstable();
        versions.dedup();
        if self.told.insert(dependency) {
            let others = versions.into_iter().map(str::to_owned).collect();
            self.plan.missing.push(Missing { dependency: dependency.clone(), by, others });
        }
        None
    }

    fn judge(&self, by: &str, dependency: &Dependency) -> Result<crate::range::Range, Issue> {
        let of_other = [".r2", ".r2b", ".r3", ".r4b", ".r5", ".r6"].iter().any(|ending| dependency.name.ends_with(ending));
        if is_core(&dependency.name) || of_other {
            let rule = format!("{by} needs {dependency}, which is for another version of FHIR than R4: it is left out");
            return Err(Issue::error(codes::OTHER_FHIR, IssueCode::NotSupported, "", rule));
        }
        dependency.range().map_err(|issue| {
            let rule = format!("{by} needs {}: {}", dependency.name, issue.diagnostics);
            Issue::error(codes::BAD_VERSION, IssueCode::NotSupported, "", rule)
        })
    }
}
