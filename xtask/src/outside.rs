//! `cargo xtask clients`, its part about providers outside: people of npm's `oidc-provider` and of npm's `samlify` sign in to Ward.

use std::path::Path;

use crate::tools::{debian, npm};
use crate::{Outcome, run};

/// Where the scripts are.
const FOLDER: &str = "tests/clients/outside";

/// The tests, and what they share.
const DAYS: [&str; 3] = ["oidc-provider.mjs", "saml.mjs", "saml-sealed.mjs"];
const SHARED: [&str; 3] = ["browser.mjs", "saml-answer.mjs", "ward.mjs"];

/// Lets people of each provider sign in to a server of its own.
pub fn run_all() -> Outcome {
    run("cargo", &["build", "--package", "ward", "--locked", "--quiet"])?;
    debian("openssl", "openssl")?;
    let folder = npm(&format!("{FOLDER}/package.json"))?;
    // Node looks for packages beside the script.
    for script in DAYS.iter().chain(&SHARED) {
        std::fs::copy(Path::new(FOLDER).join(script), folder.join(script)).map_err(|error| format!("{script}: {error}"))?;
    }
    for script in DAYS {
        run("node", &[&folder.join(script).to_string_lossy(), "target/debug/ward", &format!("target/tmp/{script}")])?;
    }
    Ok(())
}
