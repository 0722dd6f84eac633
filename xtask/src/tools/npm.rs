//! Packages of npm.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{debian, folder, is_installed, note};

/// Installs what a `package.json` and the `package-lock.json` beside it pin, and gives the folder in which `node_modules` is. No
/// package runs a script of its own while it is installed.
pub fn npm(package: &str) -> Result<PathBuf, String> {
    let lock = Path::new(package).with_file_name("package-lock.json");
    let folder = folder("npm", &lock)?;
    if is_installed(&folder, &lock) {
        return Ok(folder);
    }
    debian("npm", "npm")?;
    for file in [Path::new(package), &lock] {
        let name = file.file_name().unwrap_or_default();
        std::fs::copy(file, folder.join(name)).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    eprintln!("$ npm {}, for {package}", arguments.join(" "));
    match Command::new("npm").args(arguments).current_dir(&folder).status() {
        Ok(status) if status.success() => note(&folder, &lock)?,
        Ok(status) => return Err(format!("npm, for {package}: {status}")),
        Err(error) => return Err(format!("npm: {error}")),
    }
    Ok(folder)
}
