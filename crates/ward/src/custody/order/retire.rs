//! Old versions of keys, removed where nothing needs them.

use std::path::Path;

use store_embedded::Embedded;
use vault::{Keyring, VaultError};

use super::{Answer, words};
use crate::secret_file;

/// Removes what nothing needs: versions of the key-encryption key from its file, and versions of tenants' keys. Versions that bodies are sealed with stay, and so do all of the
/// tenant that has the accounts: what is sealed for those is not counted anywhere.
pub(super) fn retire(ring: &Keyring, engine: &Embedded, kek_file: Option<&Path>) -> Result<Answer, String> {
    let overview = ring.overview().map_err(words)?;
    let mut lines = Vec::new();
    for of in overview.tenants.iter().filter(|of| of.tenant != identity::directory::TENANT.0 && of.versions.len() > 1) {
        let newest = of.versions.last().copied().unwrap_or_default();
        let retired = match ring.raise_tenant_minimum(of.tenant, newest, engine) {
            // Some go, at least.
            Err(VaultError::VersionInUse { lowest, .. }) => ring.raise_tenant_minimum(of.tenant, lowest, engine).map(|()| lowest),
            done => done.map(|()| newest),
        };
        let lowest = retired.map_err(words)?;
        lines.push(match lowest == newest {
            true => format!("tenant {}: its key has version {newest} alone", of.tenant),
            false => format!(
                "tenant {}: its key has versions {lowest} to {newest}: bodies are sealed, or keys wrapped, with {lowest}",
                of.tenant
            ),
        });
    }
    ring.raise_kek_minimum(overview.kek_newest).map_err(words)?;
    if let Some(file) = kek_file {
        let is_kept = |line: &str| {
            let version = line.split_whitespace().next().and_then(|version| version.parse::<u32>().ok());
            version.is_none_or(|version| version >= overview.kek_newest)
        };
        secret_file::keep_lines(file, is_kept).map_err(|error| format!("{}: {error}", file.display()))?;
        lines.push(format!("the key-encryption key has version {} alone: no older copy of the keys opens any more", overview.kek_newest));
    } else {
        lines.push(format!(
            "version {} of the key-encryption key is the lowest: remove older ones from the environment",
            overview.kek_newest
        ));
    }
    Ok(Answer { lines, facts: serde_json::json!({ "kekMinimum": overview.kek_newest }), left: 0 })
}
