//! `cargo xtask pages`: the pages in a browser of its own making: passkeys by a virtual authenticator, and whether everybody can use each page.

use std::path::Path;

use crate::demo::{Demo, WARD};
use crate::tools::{debian, npm};
use crate::{Outcome, run};

/// Where the scripts are, and what they import of each other.
const FOLDER: &str = "tests/pages";
const SHARED: &str = "browser.mjs";
const SCRIPTS: [&str; 2] = ["passkeys.mjs", "accessibility.mjs"];

/// How the house is set that they visit. All visitors come from one address.
const SETTINGS: [&str; 5] = ["access=required", "registration=open", "client_registration=open", "rate_sign_in=0", "rate_token=0"];

/// Runs each script on one demonstration.
pub fn pages() -> Outcome {
    debian("chromium", "chromium")?;
    let node = npm(&format!("{FOLDER}/package.json"))?;
    // Node looks for packages beside the script.
    for script in SCRIPTS.iter().chain(&[SHARED]) {
        std::fs::copy(Path::new(FOLDER).join(script), node.join(script)).map_err(|error| format!("{script}: {error}"))?;
    }
    let folder = Demo::prepare("pages")?;
    run(WARD, &["--data-dir", &folder.to_string_lossy(), "tenant", "add", "north", "--name", "North Clinic", "--host", "north.localhost"])?;
    let demo = Demo::serve(folder, 10, &SETTINGS)?;
    run(
        WARD,
        &["--data-dir", &demo.folder.to_string_lossy(), "user", "join", "administrator", "--role", "administrator", "--tenant", "north"],
    )?;
    for script in SCRIPTS {
        run("node", &[&node.join(script).to_string_lossy(), &demo.address, &demo.folder.to_string_lossy()])?;
    }
    Ok(())
}
