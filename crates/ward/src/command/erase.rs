//! `ward erase`: resources removed for good.

use fhir::definitions::ResourceType;
use fhir::object;
use interaction::Context;
use interaction::erase::{EraseRecordRequest, EraseRequest, Record, erase, erase_record};
use store::commit::{Extent, Key};

use super::{Failure, Run};
use crate::cli::Erase;
use crate::custody::telling::Telling;
use crate::wiring;

/// Removes the resources, and then what is left of them in the files of the index, which are made anew.
pub fn run(run: Run, arguments: Erase) -> Result<(), Failure> {
    let keys = arguments.resources.iter().map(|text| key(text, arguments.patient)).collect::<Result<Vec<_>, _>>()?;
    if !arguments.yes {
        let what = arguments.resources.join(", ");
        return Err(Failure::refused(format!(
            "{what} would be gone for good, and nothing brings it back but a backup: say --yes to do it"
        )));
    }
    let done = wiring::with_server(&run.settings, async |server| {
        let telling = Telling::new(&run.settings, server.clone());
        let ctx = wiring::context(server, "ward erase", "");
        let mut all = Record::default();
        for key in keys {
            let done = one(&ctx, key.clone(), &arguments).await?;
            let told = telling.erased(wiring::TENANT, &key, arguments.patient).await;
            told.map_err(|error| Failure::failed(format!("{key} was removed, which could not be told in the audit trail: {error:?}")))?;
            all = Record { resources: all.resources + done.resources, versions: all.versions + done.versions, is_complete: true };
        }
        Ok(all)
    });
    // As the store opens again, it makes an index whose files hold nothing of what is gone: also when only some of it went well.
    wiring::with_engine(&run.settings, async |_| Ok(()))?;
    let Record { resources, versions, .. } = done?;
    if run.json {
        println!("{}", fhir::json::to_string(&object! { "resources": resources, "versions": versions }));
    }
    let backups = match arguments.patient {
        true => "backups made before bring none of it back, when they are restored with the newest list of erasures",
        false => "backups made before still have them",
    };
    eprintln!("{resources} resources with {versions} versions are gone for good; {backups}");
    Ok(())
}

async fn one(ctx: &Context, key: Key, arguments: &Erase) -> Result<Record, Failure> {
    let (force, by_law) = (arguments.force, arguments.by_law);
    let done = if arguments.patient {
        erase_record(ctx, EraseRecordRequest { patient: key.clone(), force, by_law, most_time: None }).await
    } else {
        let extent = if arguments.past { Extent::Past } else { Extent::All };
        let versions = erase(ctx, EraseRequest { key: key.clone(), extent, if_match: None, force, by_law }).await;
        versions.map(|versions| Record { resources: u64::from(versions > 0), versions, is_complete: true })
    };
    done.map_err(|error| {
        let said = error.outcome().issues.into_iter().map(|issue| issue.diagnostics).collect::<Vec<_>>().join("; ");
        Failure::failed(format!("{key} was not removed: {said}"))
    })
}

fn key(text: &str, is_patient: bool) -> Result<Key, Failure> {
    let bad = || Failure::usage(format!("{text:?} is no resource: name it as Observation/12"));
    let (kind, id) = text.split_once('/').ok_or_else(bad)?;
    let kind = ResourceType::parse(kind).filter(|_| interaction::is_id(id)).ok_or_else(bad)?;
    if is_patient && kind.name() != "Patient" {
        return Err(Failure::usage(format!("--patient is about patients, and {text} is none")));
    }
    Ok(Key::new(kind, id))
}
