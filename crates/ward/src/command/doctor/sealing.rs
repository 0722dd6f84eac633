//! What of the data directory is sealed, and whether its keys are in order.

use std::path::Path;

use crate::command::Failure;
use crate::door::keys;
use crate::settings::Settings;
use crate::wiring;

/// What is sealed, since when, and which versions of keys are in use; or what is wrong with them.
pub fn keys(settings: &Settings, folder: &Path) -> Result<String, String> {
    if !vault::copies::has_keys(folder) {
        return Ok("none yet: nothing is sealed".to_owned());
    }
    let words = |failure: Failure| failure.lines.join("; ");
    let overview = keys::open(settings, folder).map_err(words)?.overview().map_err(|error| error.to_string())?;
    let sealing = wiring::with_engine(settings, async |engine| engine.sealing().map_err(|error| Failure::failed(error.to_string())));
    let sealing = sealing.map_err(words)?;
    let bodies = match sealing.since {
        None => "bodies are not sealed, accounts' secrets are".to_owned(),
        // Older databases do not know when it was.
        Some(1) => format!("{} of {} versions are sealed", sealing.sealed, sealing.versions),
        Some(since) => {
            format!("{} of {} versions are sealed, since {}", sealing.sealed, sealing.versions, fhir::primitive::instant_text(since))
        }
    };
    let in_use = |tenant: &vault::TenantKeys| {
        let versions: Vec<String> = tenant.versions.iter().map(u32::to_string).collect();
        format!("tenant {}: {}", tenant.tenant, versions.join(", "))
    };
    let versions: Vec<String> = overview.tenants.iter().map(in_use).collect();
    if overview.lagging > 0 {
        return Err(format!("{} keys are wrapped by older versions: run `ward key rewrap`, or start the server", overview.lagging));
    }
    let beside = keys::kek_file(settings, folder).is_some_and(|file| file.starts_with(folder));
    let place = if beside { "; the key-encryption key lies beside the data: set kek_file to a place on another disk" } else { "" };
    Ok(format!("{bodies}; key-encryption key: version {}; versions of {}{place}", overview.kek_newest, versions.join("; ")))
}
