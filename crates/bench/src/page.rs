//! `docs/benchmarks.md`: a table of all figures, then a section for each part.
//!
//! A part that is measured alone takes the place of its lines and its section in the page that is there. The rest stays, with the day on
//! which it was measured.

pub mod chart;
pub mod line;

#[cfg(test)]
mod tests;

use std::fmt::Write;

use self::line::Line;

/// The causes of what is missed, and the next ideas, by whoever has looked for them.
const MISSED: &str = include_str!("../words/missed.md");

/// What a part found.
#[derive(Default)]
pub struct Report {
    /// Its lines in the table.
    pub lines: Vec<Line>,
    /// What more there is to say, as Markdown.
    pub text: String,
}

/// The part of the page that one part of the benchmark wrote.
struct Section {
    lines: Vec<String>,
    text: String,
}

/// The page, as sections by the names of the parts.
pub struct Page {
    /// Name and heading of each part, in order.
    parts: Vec<(&'static str, &'static str)>,
    sections: Vec<Option<Section>>,
}

const HEAD: &str = "| work | Ward | beside | ratio | asked for | | again with `cargo xtask bench` |\n|---|---|---|---|---|---|---|\n";

const INTRODUCTION: &str = "# Benchmarks\n\n\
    Written by `cargo xtask bench`. A ratio compares two measurements of one run, taken in turn, round by round: what else the machine does falls on\n\
    both. Figures are medians over the rounds, with the range in brackets. Rates depend on the machine; ratios hardly do. A part alone is measured\n\
    again by the options in the last column.\n\n## All figures\n\n";

impl Page {
    /// The page as it was written before, for these parts: names and headings.
    pub fn read(text: &str, parts: Vec<(&'static str, &'static str)>) -> Self {
        let section = |&(name, heading): &(&str, &str)| {
            let at = text.split_once(&format!("\n## {heading}\n\n"))?.1;
            let body = at.split("\n## ").next().unwrap_or_default();
            let lines = text.lines().filter(|line| line.starts_with("| ") && line.ends_with(&repeated(name)));
            Some(Section { lines: lines.map(str::to_owned).collect(), text: body.trim_end().to_owned() })
        };
        let sections = parts.iter().map(section).collect();
        Self { parts, sections }
    }

    /// Puts in what a part found.
    pub fn set(&mut self, name: &str, measured: &str, report: &Report) {
        let Some(place) = self.parts.iter().position(|(part, _)| *part == name) else { return };
        let lines = report.lines.iter().map(|line| line.render(&repeated(name))).collect();
        let text = format!("{}\n\nMeasured {measured}.", report.text.trim());
        self.sections[place] = Some(Section { lines, text });
    }

    /// The page as Markdown.
    pub fn render(&self) -> String {
        let mut page = format!("{INTRODUCTION}{HEAD}");
        for line in self.sections.iter().flatten().flat_map(|section| &section.lines) {
            let _ = writeln!(page, "{line}");
        }
        for ((_, heading), section) in self.parts.iter().zip(&self.sections) {
            if let Some(section) = section {
                let _ = write!(page, "\n## {heading}\n\n{}\n", section.text);
            }
        }
        if !MISSED.trim().is_empty() {
            let _ = write!(page, "\n## What is missed, and why\n\n{}\n", MISSED.trim());
        }
        page
    }
}

/// The end of a line: how its part is measured again.
fn repeated(name: &str) -> String {
    format!("`--only {name}` |")
}
