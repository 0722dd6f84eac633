//! `docs/benchmarks.md`.

use std::fmt::Write;

/// One figure: what was measured, against what, in each round.
pub struct Figure {
    /// What Ward did.
    pub name: &'static str,
    /// What it is compared with.
    pub against: &'static str,
    /// Ward's rate and the other's, a second, round by round.
    pub rounds: Vec<(f64, f64)>,
    /// The least ratio that is asked for.
    pub at_least: f64,
}

/// One measurement that is no ratio.
pub struct Reading {
    /// What was measured.
    pub name: String,
    /// The values, round by round.
    pub rounds: Vec<f64>,
    /// Their unit.
    pub unit: &'static str,
    /// The most that is allowed; `None` where nothing is asked for.
    pub at_most: Option<f64>,
}

impl Figure {
    /// The median of the ratios.
    pub fn ratio(&self) -> f64 {
        median(self.rounds.iter().map(|(ours, other)| ours / other).collect())
    }
}

/// The middle of some values; 0 when there are none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// The page as Markdown.
pub fn render(machine: &str, figures: &[Figure], readings: &[Reading]) -> String {
    let mut page = String::from(
        "# Benchmarks\n\nWritten by `cargo xtask bench`. A ratio compares two measurements of one run, taken in turn; medians, and the\n\
         range in brackets. Rates depend on the machine, ratios hardly do.\n\n",
    );
    let _ = write!(page, "{machine}\n\n## Ratios\n\n| work | Ward | against | the other | ratio | at least |\n|---|---|---|---|---|---|\n");
    for figure in figures {
        let (ours, others): (Vec<f64>, Vec<f64>) = figure.rounds.iter().copied().unzip();
        let verdict = if figure.ratio() >= figure.at_least { "" } else { " (missed)" };
        let _ = writeln!(
            page,
            "| {} | {}/s | {} | {}/s | {:.2}{verdict} | {:.2} |",
            figure.name,
            spread(&ours),
            figure.against,
            spread(&others),
            figure.ratio(),
            figure.at_least
        );
    }
    page.push_str("\n## Readings\n\n| what | median [range] | at most |\n|---|---|---|\n");
    for reading in readings {
        let limit = reading.at_most.map_or("–".to_owned(), |limit| format!("{limit} {}", reading.unit));
        let verdict = if reading.at_most.is_some_and(|limit| median(reading.rounds.clone()) > limit) { " (missed)" } else { "" };
        let _ = writeln!(page, "| {} | {} {}{verdict} | {limit} |", reading.name, spread(&reading.rounds), reading.unit);
    }
    page
}

fn spread(values: &[f64]) -> String {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(0.0, f64::max);
    format!("{:.0} [{low:.0}–{high:.0}]", median(values.to_vec()))
}
