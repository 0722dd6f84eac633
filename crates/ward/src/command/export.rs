//! `ward export [FOLDER]`.
//!
//! [`output`] is where the resources go, [`masked`] without what tells whose they are; they come from the [`store`] of a data directory, all or one patient's [`record`], or from a
//! [`server`].

mod masked;
mod output;
mod record;
pub mod server;
pub mod store;

use std::cell::RefCell;
use std::sync::Arc;

use ::store::query::Filter;
use fhir::definitions::ResourceType;

use self::output::Output;
use super::{Failure, Run};
use crate::cli::Export;
use crate::custody::telling::Telling;
use crate::remote::Remote;
use crate::{tenants, wiring};

/// How many resources are read at a time.
const PAGE: u32 = 1000;

/// Takes the text of a resource.
pub type Take<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), Failure>;

/// Writes all current resources as NDJSON: a file for each type that has any, or one after the other to standard output.
pub fn run(run: Run, arguments: Export) -> Result<(), Failure> {
    super::refuse_tenant_of_server(&run, &arguments.endpoint)?;
    let kinds = kinds(&arguments.types)?;
    let written = match &arguments.endpoint.url {
        Some(url) => {
            let remote = Remote::new(url, arguments.endpoint.bearer().as_deref(), &run.settings.ca_file)?;
            wiring::runtime()?.block_on(async {
                match kinds {
                    Some(kinds) => write(&arguments, kinds, async |kind, take| server::each(&remote, kind, "", take).await).await,
                    None => all_that_is_allowed(&remote, &arguments).await,
                }
            })?
        }
        None => wiring::with_both(&run.settings, async |server, engine| {
            let kinds = kinds.unwrap_or_else(|| ResourceType::all().collect());
            let all: Arc<dyn ::store::Store> = engine.clone();
            let tenant = tenants::named_in(&all, run.tenant.as_deref()).await?.tenant();
            let written = match &arguments.patient {
                None => {
                    write(&arguments, kinds, async |kind, take| store::each(&*engine, tenant, (kind, Filter::everything()), take).await)
                        .await?
                }
                Some(id) => {
                    let record = record::Record::of(&*engine, &server.registry(), (tenant, id)).await?;
                    write(&arguments, record::in_order(kinds), async |kind, take| record.each(&*engine, kind, take).await).await?
                }
            };
            let told = Telling::new(&run.settings, server).exported(tenant, arguments.patient.as_deref()).await;
            told.map_err(|error| Failure::failed(format!("the export could not be told in the audit trail: {error:?}")))?;
            Ok(written)
        })?,
    };
    eprintln!("{written} resources written");
    Ok(())
}

/// Writes all types of a server that the token may search; the others were asked for by nobody, and are named.
async fn all_that_is_allowed(remote: &Remote, arguments: &Export) -> Result<u64, Failure> {
    let refused = RefCell::new(Vec::new());
    let written = write(arguments, server::kinds(remote).await?, async |kind, take| {
        if !server::each_if_allowed(remote, kind, take).await? {
            refused.borrow_mut().push(kind.name());
        }
        Ok(())
    });
    let written = written.await?;
    match refused.take()[..] {
        [] => {}
        ref refused => eprintln!("left out, since the token may not search them: {}", refused.join(", ")),
    }
    Ok(written)
}

/// Writes what `each` hands out for each type, and counts it.
async fn write(
    arguments: &Export,
    kinds: Vec<ResourceType>,
    each: impl AsyncFn(ResourceType, Take<'_>) -> Result<(), Failure>,
) -> Result<u64, Failure> {
    let mut written = 0;
    let mask = arguments.deidentified.then(masked::Mask::new).transpose()?;
    for kind in kinds {
        let mut output = Output::new(arguments, kind);
        let mut take = |text: &[u8]| {
            let masked = match &mask {
                None => None,
                Some(mask) => match mask.masked(text)? {
                    None => return Ok(()),
                    masked => masked,
                },
            };
            written += 1;
            output.line(masked.as_deref().unwrap_or(text))
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
