//! `ward export [FOLDER]`.
//!
//! [`output`] is where the resources go; they come from the [`store`] of a data directory or from a [`server`].

mod output;
pub mod server;
pub mod store;

use ::store::query::Filter;
use fhir::definitions::ResourceType;

use self::output::Output;
use super::{Failure, Run};
use crate::cli::Export;
use crate::remote::Remote;
use crate::wiring;

/// How many resources are read at a time.
const PAGE: u32 = 1000;

/// Takes the text of a resource.
pub type Take<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), Failure>;

/// Writes all current resources as NDJSON: a file for each type that has any, or one after the other to standard output.
pub fn run(run: Run, arguments: Export) -> Result<(), Failure> {
    let kinds = kinds(&arguments.types)?;
    let written = match &arguments.endpoint.url {
        Some(url) => {
            let remote = Remote::new(url, arguments.endpoint.bearer().as_deref(), &run.settings.ca_file)?;
            wiring::runtime()?.block_on(async {
                let kinds = match kinds {
                    Some(kinds) => kinds,
                    None => server::kinds(&remote).await?,
                };
                write(&arguments, kinds, async |kind, take| server::each(&remote, kind, "", take).await).await
            })?
        }
        None => wiring::with_engine(&run.settings, async |engine| {
            let kinds = kinds.unwrap_or_else(|| ResourceType::all().collect());
            write(&arguments, kinds, async |kind, take| store::each(&*engine, (kind, Filter::everything()), take).await).await
        })?,
    };
    eprintln!("{written} resources written");
    Ok(())
}

/// Writes what `each` hands out for each type, and counts it.
async fn write(
    arguments: &Export,
    kinds: Vec<ResourceType>,
    each: impl AsyncFn(ResourceType, Take<'_>) -> Result<(), Failure>,
) -> Result<u64, Failure> {
    let mut written = 0;
    for kind in kinds {
        let mut output = Output::new(arguments, kind);
        let mut take = |text: &[u8]| {
            written += 1;
            output.line(text)
        };
        each(kind, &mut take).await?;
        output.finish()?;
    }
    Ok(written)
}

/// The types that were asked for; `None` when none was named.
fn kinds(names: &[String]) -> Result<Option<Vec<ResourceType>>, Failure> {
    if names.is_empty() {
        return Ok(None);
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
    names.iter().map(parse).collect::<Result<_, _>>().map(Some)
}
