//! The classes of answers that differ, each with who is right by the specification, and why.
//!
//! A line has a name, the engine, what this engine and the other answer (`error`, `nothing`, `items`, or `any`), a pattern for the expression
//! and the other's answer behind it, and the reason: `name | npm | nothing, items | round\(.* => \[1\] # why`.

use regex::Regex;

use super::answers::Outcome;

struct Class {
    name: String,
    engine: String,
    kinds: (String, String),
    pattern: Regex,
    explained: usize,
}

/// The list, and what no line of it explains.
pub(super) struct Classes {
    classes: Vec<Class>,
    unexplained: Vec<String>,
}

impl Classes {
    /// Reads the list; lines that begin with `# ` are remarks.
    pub(super) fn read(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with("# ") && !line.is_empty());
        Self { classes: lines.map(class).collect(), unexplained: Vec::new() }
    }

    /// Finds the line that says why two answers differ.
    pub(super) fn explain(&mut self, engine: &str, text: &str, ours: &Outcome, theirs: &Outcome) {
        let is_meant = |wanted: &str, found: &str| wanted == "any" || wanted == found;
        let subject = format!("{text} => {theirs}");
        let explains = |class: &&mut Class| {
            let has_kinds = is_meant(&class.kinds.0, ours.kind()) && is_meant(&class.kinds.1, theirs.kind());
            class.engine == engine && has_kinds && class.pattern.is_match(&subject)
        };
        match self.classes.iter_mut().find(explains) {
            Some(class) => class.explained += 1,
            None => self.unexplained.push(format!("{engine}: {text}\n    ours:   {ours}\n    theirs: {theirs}")),
        }
    }

    /// Prints how often each line was needed.
    ///
    /// # Panics
    /// When an answer differs and no line says why, and, with `all`, when a line explains nothing.
    pub(super) fn finish(self, all: bool) {
        self.classes.iter().for_each(|class| println!("{:>4} times {}: {}", class.explained, class.engine, class.name));
        assert!(self.unexplained.is_empty(), "{} answers differ unexplained:\n{}", self.unexplained.len(), self.unexplained.join("\n"));
        let idle: Vec<_> = self.classes.iter().filter(|class| class.explained == 0).map(|class| &class.name).collect();
        assert!(!all || idle.is_empty(), "these lines explain nothing: {idle:?}");
    }
}

fn class(line: &str) -> Class {
    let Some((line, _reason)) = line.rsplit_once(" # ") else { panic!("{line}: no reason is given") };
    let [name, engine, kinds, pattern] = line.splitn(4, " | ").collect::<Vec<_>>()[..] else { panic!("{line}: four parts are wanted") };
    let (ours, theirs) = kinds.split_once(", ").unwrap_or_else(|| panic!("{line}: two kinds of answers are wanted"));
    Class {
        name: name.to_owned(),
        engine: engine.to_owned(),
        kinds: (ours.to_owned(), theirs.to_owned()),
        pattern: Regex::new(pattern).unwrap_or_else(|error| panic!("{line}: {error}")),
        explained: 0,
    }
}
