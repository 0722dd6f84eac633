//! `cargo xtask clients access`: clients of OAuth and SMART that nobody here wrote sign in to a server that wants to know who asks, and work.
//!
//! Each script has cases of its own, which look at what is given and at what must be refused. The server is a demonstration on a port of its own; what the
//! scripts need to know of it is in `house.json` in its data directory.

use std::path::Path;
use std::process::Command;

use crate::demo::{Demo, WARD};
use crate::tools::{npm, python};
use crate::{Outcome, run};

/// Where the scripts are, and what they import of each other.
const FOLDER: &str = "tests/access";
const SHARED: [&str; 3] = ["app.mjs", "house.mjs", "person.mjs"];

/// The script that makes the keys of clients that sign, before the server starts.
const KEYS: &str = "keys.mjs";
const NODE: [&str; 3] = ["openid-client.mjs", "fhirclient.mjs", "fhir-kit-client.mjs"];
const PYTHON: [&str; 3] = ["fhirclient_app.py", "authlib_app.py", "smart_fetch_crawl.py"];

/// Every scope that a client can be given.
const SCOPES: &str =
    "openid fhirUser profile launch launch/patient offline_access online_access patient/*.cruds user/*.cruds system/*.cruds";

/// What is registered before the server starts: the name, how it proves that it is it, and whether it also acts for users.
const CLIENTS: [(&str, Option<&str>, bool); 3] =
    [("workbench", None, true), ("ES384", Some("ES384"), true), ("RS384", Some("RS384"), false)];

/// Lets every client sign in and work.
pub fn run_all() -> Outcome {
    let python = python(&format!("{FOLDER}/requirements.txt"))?.join("python");
    let node = npm(&format!("{FOLDER}/package.json"))?;
    for script in NODE.iter().chain(&SHARED).chain(&[KEYS]) {
        std::fs::copy(Path::new(FOLDER).join(script), node.join(script)).map_err(|error| format!("{script}: {error}"))?;
    }
    let folder = Demo::prepare("access")?;
    run("node", &[&text(&node.join(KEYS)), &text(&folder)])?;
    let clients = CLIENTS.iter().map(|client| registered(&folder, client)).collect::<Result<Vec<_>, _>>()?;
    // All of them come from one address.
    let demo = Demo::serve(folder, 25, &["access=required", "client_registration=open", "rate_sign_in=0", "rate_token=0"])?;
    let house = written(&demo, &clients)?;
    for script in NODE {
        run("node", &[&text(&node.join(script)), &house])?;
    }
    for script in PYTHON {
        run(&text(&python), &[&format!("{FOLDER}/{script}"), &house])?;
    }
    Ok(())
}

/// Registers a client in a data directory: its member of `house.json`.
fn registered(folder: &Path, (name, key, for_users): &(&str, Option<&str>, bool)) -> Result<String, String> {
    let mut command = Command::new(WARD);
    command.args(["--json", "--data-dir"]).arg(folder).args(["client", "add", name, "--scope", SCOPES, "--role", "service"]);
    if *for_users {
        command.args(["--redirect-uri", "http://127.0.0.1/back", "--device"]);
    }
    if let Some(key) = key {
        command.arg("--keys").arg(folder.join(format!("{key}.public.json")));
    }
    let output = command.output().map_err(|error| format!("ward client add: {error}"))?;
    match output.status.success() {
        true => Ok(format!("{name:?}: {}", String::from_utf8_lossy(&output.stdout).trim())),
        false => Err(format!("ward client add {name}: {}", String::from_utf8_lossy(&output.stderr))),
    }
}

/// Writes down what the scripts need to know: the path of the file.
fn written(demo: &Demo, clients: &[String]) -> Result<String, String> {
    let known = std::fs::read_to_string(demo.folder.join("demo.json")).map_err(|error| format!("demo.json: {error}"))?;
    let house = format!("{{\"address\": {:?}, \"clients\": {{{}}}, \"demo\": {known}}}", demo.address, clients.join(", "));
    let file = demo.folder.join("house.json");
    std::fs::write(&file, house).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(text(&file))
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
