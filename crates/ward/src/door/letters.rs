//! Letters to the people who have accounts, as files: whoever runs the server sends them on.

use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use fhir::primitive::instant_text;
use identity::outbox::{About, Letter, Outbox};

/// How many letters wait at most to be sent on; more are lost, and the log says so.
const MOST_LETTERS: usize = 10_000;

/// A folder for letters, one file each, which nobody but its owner may read.
pub struct Folder {
    path: PathBuf,
    /// The address under which people reach the pages, without a slash at its end.
    site: String,
    written: AtomicU64,
}

impl Folder {
    /// The folder `path`; it is made with the first letter. Links in letters begin with `site`.
    pub fn new(path: PathBuf, site: String) -> Self {
        Self { path, site, written: AtomicU64::new(0) }
    }

    fn write(&self, letter: &Letter) -> std::io::Result<()> {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.path)?;
        if std::fs::read_dir(&self.path)?.take(MOST_LETTERS).count() == MOST_LETTERS {
            return Err(std::io::Error::other("too many letters wait to be sent on"));
        }
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{}-{number}.eml", store::contract::Clock::now(&*crate::clock::of_process()), std::process::id());
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(self.path.join(name))?;
        file.write_all(text(letter, &self.site).as_bytes())?;
        file.sync_all()
    }
}

impl Outbox for Folder {
    fn post(&self, letter: Letter) {
        if let Err(error) = self.write(&letter) {
            tracing::error!("a letter was not written to {}: {error}", self.path.display());
        }
    }
}

/// The letter as mail has it (RFC 5322).
fn text(letter: &Letter, site: &str) -> String {
    let (subject, words) = match letter.about {
        About::Invitation => ("Your account", "You are invited. Choose a password here:"),
        About::Verification => ("Your address", "Confirm that this address is yours:"),
        About::Reset => ("Your password", "Choose a new password here. If you did not ask for it, do nothing:"),
        About::PasswordChanged => ("Your password was changed", "If it was not you, tell whoever runs this server at once."),
        About::AddressChanged => ("Your address was changed", "If it was not you, tell whoever runs this server at once."),
        About::FactorsChanged => ("Your second factors were changed", "If it was not you, tell whoever runs this server at once."),
    };
    let page = match letter.about {
        About::Invitation => "invitation",
        About::Verification => "verification",
        About::Reset | About::PasswordChanged | About::AddressChanged | About::FactorsChanged => "reset",
    };
    let link = letter.token.as_ref().map_or(String::new(), |token| format!("\r\n{site}/auth/{page}?token={}\r\n", token.expose()));
    let until = letter.until.map_or(String::new(), |until| format!("\r\nThe link holds until {}.\r\n", instant_text(until)));
    format!(
        "To: <{}>\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{},\r\n\r\n{words}\r\n{link}{until}",
        letter.to, letter.name
    )
}
