//! `ward export [FOLDER]`.

use std::fs::File;
use std::io::{BufWriter, Write};

use fhir::definitions::ResourceType;
use store::Store;
use store::query::{Filter, Query};

use super::{Failure, Run};
use crate::cli::Export;
use crate::wiring;

/// How many resources are read at a time.
const PAGE: u32 = 1000;

/// Writes all current resources as NDJSON: a file for each type that has any, or one after the other to standard output.
pub fn run(run: Run, arguments: Export) -> Result<(), Failure> {
    let kinds = kinds(&arguments.types)?;
    let written = wiring::with_engine(&run.settings, async |engine| {
        let mut total = 0;
        for kind in kinds {
            let mut output = Output::new(&arguments, kind);
            total += export_type(&*engine, kind, &mut output).await?;
            output.finish()?;
        }
        Ok(total)
    })?;
    eprintln!("{written} resources written");
    Ok(())
}

fn kinds(names: &[String]) -> Result<Vec<ResourceType>, Failure> {
    if names.is_empty() {
        return Ok(ResourceType::all().collect());
    }
    let parse = |name: &String| {
        ResourceType::parse(name).ok_or_else(|| {
            let hint = fhir::nearest(name, ResourceType::all().map(ResourceType::name));
            Failure::usage(format!(
                "{name} is no resource type{}",
                hint.map(|known| format!(": did you mean {known}?")).unwrap_or_default()
            ))
        })
    };
    names.iter().map(parse).collect()
}

async fn export_type(engine: &dyn Store, kind: ResourceType, output: &mut Output) -> Result<u64, Failure> {
    let mut query = Query {
        tenant: wiring::TENANT,
        kind,
        filter: Filter::everything(),
        sort: Vec::new(),
        count: PAGE,
        after: None,
        total: false,
        include: Vec::new(),
    };
    let mut written = 0;
    loop {
        let answer = engine.search(&query).await.map_err(|error| Failure::failed(error.to_string()))?;
        for text in answer.matches.iter().filter_map(|version| version.text()) {
            output.line(text)?;
            written += 1;
        }
        match answer.next {
            Some(place) => query.after = Some(place),
            None => return Ok(written),
        }
    }
}

/// Where the resources of a type go. A file is made when there is something to put into it.
struct Output {
    path: Option<std::path::PathBuf>,
    writer: Option<Box<dyn Write>>,
}

impl Output {
    fn new(arguments: &Export, kind: ResourceType) -> Self {
        Self { path: arguments.folder.as_ref().map(|folder| folder.join(format!("{}.ndjson", kind.name()))), writer: None }
    }

    fn line(&mut self, text: &[u8]) -> Result<(), Failure> {
        let path = self.path.clone();
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(open(path.as_deref())?),
        };
        writer.write_all(text).and_then(|()| writer.write_all(b"\n")).map_err(|error| cannot(path.as_deref(), &error))
    }

    fn finish(&mut self) -> Result<(), Failure> {
        let flushed = self.writer.as_mut().map_or(Ok(()), |writer| writer.flush());
        flushed.map_err(|error| cannot(self.path.as_deref(), &error))
    }
}

fn open(path: Option<&std::path::Path>) -> Result<Box<dyn Write>, Failure> {
    let Some(path) = path else {
        return Ok(Box::new(BufWriter::new(std::io::stdout())));
    };
    let create = || {
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        File::create_new(path)
    };
    create().map(|file| Box::new(BufWriter::new(file)) as Box<dyn Write>).map_err(|error| cannot(Some(path), &error))
}

fn cannot(path: Option<&std::path::Path>, error: &std::io::Error) -> Failure {
    let place = path.map_or("standard output".to_owned(), |path| path.display().to_string());
    Failure::failed(format!("{place} cannot be written: {error}"))
}
