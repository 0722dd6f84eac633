//! `import`, beside the raw stores.

use std::path::PathBuf;

use fhir::Value;

use crate::bench::Bench;
use crate::page::Report;
use crate::page::line::Line;
use crate::raw::{Grouping, Stores};
use crate::rows::Maker;
use crate::{Failure, files, synthea, ward};

/// A sync for 1,000 rows, and commits as large as those of an import.
const GROUPS: Grouping = Grouping { rows_a_sync: 1000, rows_a_commit: 500 };

const BESIDE: &str = "raw stores, the same rows and keys, one thread, groups of 1,000";

/// Imports Synthea's resources and the synthetic hospital's, each round into an empty data directory.
pub fn measure(bench: &mut Bench) -> Result<Report, Failure> {
    let mut report = Report::default();
    match synthea::bundles()? {
        None => report.lines.push(Line::skipped("`import` of Synthea's resources", synthea::MISSING)),
        Some(bundles) => {
            let folder = synthea::files(&bundles, &bench.scratch)?;
            let data_dir = bench.scratch.path("synthea-rows");
            ward::import(&bench.arguments.ward, &data_dir, std::slice::from_ref(&folder))?;
            let resources = ward::export(&bench.arguments.ward, &data_dir)?;
            let rounds = beside_raw(bench, "synthea", &[folder], &resources)?;
            let name = format!("`import` of {} resources of Synthea", resources.len());
            report.lines.push(Line::ratio(&name, "/s", &rounds, BESIDE, 0.60));
        }
    }
    let file = bench.scratch.path("import.ndjson");
    files::write_ndjson(bench.hospital().iter(), &file)?;
    let resources = bench.hospital().to_vec();
    let rounds = beside_raw(bench, "hospital", &[file], &resources)?;
    let name = format!("`import` of {} resources of the synthetic hospital", resources.len());
    report.lines.push(Line::ratio(&name, "/s", &rounds, BESIDE, 0.60));
    report.text = "Synthea's are 102 transaction Bundles, a file each; the hospital is one file of NDJSON. The rate is that of `ward import`: reading, parsing, checking, \
                   resolving references, extracting search entries and writing, until the last resource is durable. The raw stores get the rows and keys of \
                   the same resources, made beforehand (see below, under creates)."
        .to_owned();
    Ok(report)
}

/// The rates of imports and of the raw stores, in turn.
fn beside_raw(bench: &Bench, name: &str, paths: &[PathBuf], resources: &[Value]) -> Result<Vec<(f64, f64)>, Failure> {
    let rows = Maker::new(resources)?.created(resources)?;
    (0..bench.arguments.rounds)
        .map(|round| {
            let raw = bench.scratch.folder(&format!("raw-import-{name}-{round}"))?;
            let limit = Stores::open(&raw)?.insert(&rows, GROUPS, |_| None)?;
            let data_dir = bench.scratch.path(&format!("import-{name}-{round}"));
            let imported = ward::import(&bench.arguments.ward, &data_dir, paths)?;
            std::fs::remove_dir_all(raw)?;
            std::fs::remove_dir_all(data_dir)?;
            Ok((imported.per_second, limit))
        })
        .collect()
}
