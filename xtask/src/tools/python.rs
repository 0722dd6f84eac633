//! Packages of PyPI, in a virtual environment of their own.

use std::path::{Path, PathBuf};

use super::{debian, folder, is_installed, note};
use crate::run;

/// Installs what a `requirements.txt` lists, and gives the folder of the programs: `python`, and what the packages bring.
pub fn python(requirements: &str) -> Result<PathBuf, String> {
    let list = Path::new(requirements);
    let folder = folder("python", list)?;
    let programs = folder.join("bin");
    if is_installed(&folder, list) {
        return Ok(programs);
    }
    debian("python3", "python3-venv")?;
    let environment = folder.to_string_lossy();
    let make = || run("python3", &["-m", "venv", "--clear", &environment]);
    // Debian's python3 alone cannot make an environment.
    make().or_else(|_| run("apt-get", &["install", "--yes", "--quiet", "python3-venv"]).and_then(|()| make()))?;
    let python = programs.join("python");
    run(&python.to_string_lossy(), &["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", requirements])?;
    note(&folder, list)?;
    Ok(programs)
}
