//! The samples of a recording.

use std::path::Path;
use std::process::Command;

use super::categories::Category;
use crate::Failure;

/// The functions that were found at work, with their shares of all samples, largest first.
pub struct Samples {
    functions: Vec<(String, f64)>,
}

impl Samples {
    /// Reads a recording.
    pub fn of(file: &Path) -> Result<Self, Failure> {
        let mut command = Command::new("perf");
        command.args(["report", "--stdio", "--no-inline", "--sort", "symbol", "--percent-limit", "0", "--input"]).arg(file);
        let output = command.output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        // As `  12.34%  [.] name`; a comment begins with #.
        let line = |line: &str| {
            let (share, symbol) = line.trim().split_once('%')?;
            // Behind the name there may be columns that have nothing to say.
            let name = symbol.trim().split("  ").next().unwrap_or_default();
            Some((name.to_owned(), share.parse::<f64>().ok()? / 100.0))
        };
        let functions: Vec<(String, f64)> = text.lines().filter(|line| !line.starts_with('#')).filter_map(line).collect();
        if functions.is_empty() {
            return Err(format!("perf report: no samples: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        Ok(Self { functions })
    }

    /// The functions with their shares.
    pub fn functions(&self) -> Vec<(String, f64)> {
        self.functions.iter().map(|(symbol, share)| (readable(symbol), *share)).collect()
    }

    /// The shares of the categories, largest first; a function counts for the first category that it fits.
    pub fn by_category(&self, categories: &[Category]) -> Vec<(&'static str, f64)> {
        let mut shares: Vec<(&'static str, f64)> = Vec::new();
        for (symbol, share) in &self.functions {
            let name = categories.iter().find(|category| category.fits(symbol)).map_or("the rest", |category| category.name);
            match shares.iter_mut().find(|(known, _)| *known == name) {
                Some((_, sum)) => *sum += share,
                None => shares.push((name, *share)),
            }
        }
        shares.sort_by(|one, other| other.1.total_cmp(&one.1));
        shares
    }
}

/// The name without its kind, hash and type arguments.
fn readable(symbol: &str) -> String {
    let name = symbol.trim_start_matches("[.] ").trim_start_matches("[k] ");
    let mut plain = String::new();
    let mut depth = 0_usize;
    for letter in name.chars() {
        match letter {
            '<' => depth += 1,
            '>' if depth > 0 => depth -= 1,
            '`' => {}
            _ if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    // `<T as Trait>::method` has nothing outside its brackets but the method.
    let plain = if plain.starts_with("::") { name.replace('`', "") } else { plain };
    if symbol.starts_with("[k]") { format!("{plain} (kernel)") } else { plain }
}
