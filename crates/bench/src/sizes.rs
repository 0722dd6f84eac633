//! Bytes on disk.

use std::path::Path;

use crate::bench::Bench;
use crate::files::bytes;
use crate::page::Report;
use crate::page::line::Line;
use crate::server::Server;
use crate::{Failure, synthea, ward};

/// What a store takes on disk, in bytes.
struct Size {
    truth: u64,
    index: u64,
}

/// The bytes of Synthea's resources, after their import and after a server that had them was closed.
pub async fn measure(bench: &mut Bench) -> Result<Report, Failure> {
    let name = "bytes on disk for a resource of Synthea, truth and index";
    let Some(bundles) = synthea::bundles()? else {
        return Ok(Report { lines: vec![Line::skipped(name, synthea::MISSING)], text: String::new() });
    };
    let folder = synthea::files(&bundles, &bench.scratch)?;
    let data_dir = bench.scratch.path("sizes");
    ward::import(&bench.arguments.ward, &data_dir, &[folder])?;
    let imported = Size::of(&data_dir)?;
    let resources = ward::export(&bench.arguments.ward, &data_dir)?.len() as f64;
    let server = Server::ward(&bench.arguments.ward, &data_dir)?;
    server.first_answer_ms("/health/ready").await?;
    server.stop()?;
    let closed = Size::of(&data_dir)?;
    let each = |size: u64| size as f64 / resources;
    let line = |when: &str, size: &Size| {
        let apart = format!("truth {:.0} B, index {:.0} B", each(size.truth), each(size.index));
        Line::at_most(&format!("{name}, {when}"), "B", &[each(size.truth + size.index)], Some(1200.0)).with_note(&apart)
    };
    let text: usize = bundles.iter().map(|bundle| bundle.text.len()).sum();
    Ok(Report {
        lines: vec![line("right after their import", &imported), line("after a server was closed", &closed)],
        text: format!(
            "{resources:.0} resources; as JSON without white space, in their Bundles, they have {:.0} bytes each. The truth is `ward.sqlite3` with its log, \
             the index everything else in the data directory.",
            text as f64 / resources
        ),
    })
}

impl Size {
    fn of(data_dir: &Path) -> Result<Self, Failure> {
        let file = |name: &str| bytes(&data_dir.join(name));
        let truth = file("ward.sqlite3")? + file("ward.sqlite3-wal")?;
        Ok(Self { truth, index: bytes(data_dir)? - truth })
    }
}
