//! `cargo xtask letters`: Ward's letters, handed to PyPI's `aiosmtpd` and followed by whoever gets them.

use crate::demo::{Demo, WARD};
use crate::tools::{debian, python};
use crate::{Outcome, run};

/// Where the script is.
const FOLDER: &str = "tests/letters";

/// Lets somebody register and forget their password, by each way of TLS.
pub fn letters() -> Outcome {
    debian("openssl", "openssl")?;
    let python = python(&format!("{FOLDER}/requirements.txt"))?.join("python");
    let folder = Demo::prepare("letters")?;
    run(&python.to_string_lossy(), &[&format!("{FOLDER}/relay.py"), WARD, &folder.to_string_lossy()])
}
