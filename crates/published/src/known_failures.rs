//! The cases of a suite that are known to fail, each with its reason, in a committed file.
//!
//! A line is the name of the case, ` # `, and why it fails. A case that fails unlisted, and a listed one that passes, fail the test.

use std::collections::BTreeMap;

/// The list, and what became of the cases so far.
pub struct KnownFailures {
    known: BTreeMap<String, bool>,
    ran: usize,
    surprises: Vec<String>,
}

impl KnownFailures {
    /// Reads a list; lines that begin with `# ` are remarks.
    ///
    /// # Panics
    /// When a line gives no reason.
    pub fn read(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with("# ") && !line.is_empty());
        let name = |line: &str| line.rsplit_once(" # ").unwrap_or_else(|| panic!("{line}: no reason is given")).0.to_owned();
        Self { known: lines.map(|line| (name(line), false)).collect(), ran: 0, surprises: Vec::new() }
    }

    /// Counts what became of a case.
    pub fn report(&mut self, name: &str, verdict: Result<(), String>) {
        self.ran += 1;
        match (verdict, self.known.get_mut(name)) {
            (Ok(()), None) => {}
            (Err(_), Some(seen)) => *seen = true,
            (Ok(()), Some(seen)) => {
                *seen = true;
                self.surprises.push(format!("{name}: passes, and is listed as a known failure"));
            }
            (Err(why), None) => self.surprises.push(format!("{name}: {why}")),
        }
    }

    /// Prints how many cases of the suite ran.
    ///
    /// # Panics
    /// When anything was not as listed.
    pub fn finish(mut self, suite: &str) {
        let unseen = self.known.iter().filter(|(_, seen)| !**seen).map(|(name, _)| format!("{name}: is listed, and is no case"));
        self.surprises.extend(unseen);
        println!("{suite}: {} cases ran, {} known failures", self.ran, self.known.len());
        assert!(self.surprises.is_empty(), "{} surprises:\n{}", self.surprises.len(), self.surprises.join("\n"));
    }
}
