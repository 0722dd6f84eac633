//! Bodies sealed anew, some at a time.

use store_embedded::Embedded;

use super::Answer;
use crate::settings::{SealBodies, Settings};

/// Seals anew some bodies behind a row.
pub(super) fn reseal(settings: &Settings, engine: &Embedded, after: u64) -> Result<Answer, String> {
    if settings.seal_bodies == SealBodies::Off {
        return Err("bodies are not sealed: set seal_bodies to patient or tenant, and start again".to_owned());
    }
    let resealed = engine.reseal(after).map_err(|error| error.to_string())?;
    let facts = serde_json::json!({ "done": resealed.done, "through": resealed.through, "left": resealed.left });
    let said = format!("{} bodies sealed anew, {} rows left to be looked at", resealed.done, resealed.left);
    Ok(Answer { lines: vec![said], facts, left: usize::try_from(resealed.left).unwrap_or(usize::MAX) })
}
