//! Where copies of the keys and of the list of erasures are kept.
//!
//! Both go to the setting `keys_to`. The list alone, which has neither keys nor names, goes beside the backup as well, so that whoever restores an older one has the newest list at
//! hand; the keys never do.

use std::path::Path;

use vault::copies;

use crate::settings::Settings;

/// Brings the copies up to date. Gives what could not be copied, in words; it is tried again by the next call.
pub fn ship(settings: &Settings, folder: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    let mut told = |place: &str, done: vault::Result<bool>| {
        if let Err(error) = done {
            problems.push(format!("{place}: the copy of the keys, or of the list of erasures, is not up to date: {error}"));
        }
    };
    let (keys, backup) = (settings.keys_to.as_str(), settings.backup_to.as_str());
    for place in [keys, backup].into_iter().filter(|place| !place.is_empty()) {
        told(place, copies::newest_erasures(folder, Path::new(place)));
    }
    if !keys.is_empty() {
        told(keys, copies::copy(vault::KEYS_FILE, folder, Path::new(keys)));
    }
    problems
}

/// Copies both into a folder.
pub fn all(folder: &Path, to: &Path) -> vault::Result<()> {
    copies::newest_erasures(folder, to)?;
    copies::copy(vault::KEYS_FILE, folder, to).map(drop)
}
