//! What is sought, as it is and in base64, and where.

use std::path::Path;

use fhir::primitive::base64;

/// Words that must be nowhere.
pub struct Sought(Vec<(String, Vec<String>)>);

impl Sought {
    pub fn new(words: &[&str]) -> Self {
        let mut sought = Self(Vec::new());
        words.iter().for_each(|word| sought.add(word));
        sought
    }

    /// Seeks this, too.
    pub fn add(&mut self, word: &str) {
        assert!(word.len() >= 8, "{word:?} may be anywhere");
        // Of a text in base64 the middle is the same wherever it stands, but for three shifts.
        let shifted = (0..3).map(|shift| {
            let text = base64::encode(&[&vec![b'x'; shift], word.as_bytes()].concat(), base64::PLAIN);
            text[shift.div_ceil(3) * 4..text.len() - 4].to_owned()
        });
        let forms = std::iter::once(word.to_owned()).chain(shifted).collect();
        self.0.push((word.to_owned(), forms));
    }

    /// Whether any of it is in there.
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        self.found(bytes).is_some()
    }

    pub fn absent_from(&self, what: &str, bytes: &[u8]) {
        if let Some((word, at)) = self.found(bytes) {
            let text = String::from_utf8_lossy(bytes);
            let around = text.get(at.saturating_sub(300)..).unwrap_or(&text[at..]);
            panic!("{word} is in {what}: {}", around.chars().take(500).collect::<String>());
        }
    }

    fn found(&self, bytes: &[u8]) -> Option<(&str, usize)> {
        // What is no UTF-8 is no part of any of them; and texts are searched faster than bytes.
        let text = String::from_utf8_lossy(bytes);
        let place = |form: &str| text.find(form);
        self.0.iter().find_map(|(word, forms)| forms.iter().find_map(|form| place(form)).map(|at| (word.as_str(), at)))
    }
}

/// The files of a folder and of those in it, with their names from there and what is in them.
pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().expect("a type").is_dir() {
            found.extend(files(&entry.path()).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            found.push((name, std::fs::read(entry.path()).unwrap_or_default()));
        }
    }
    found
}
