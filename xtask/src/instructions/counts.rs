//! Counts of instructions for each operation, and what has grown.

#[cfg(test)]
mod tests;

/// By how much a count may grow, of a hundred. Two runs differ by half of one at most, through hash maps and threads; one more lookup in the
/// index makes a read grow by more than four.
const TOLERATED: u64 = 3;

/// What stands at the head of the file.
const HEAD: &str = "# Instructions for each operation, in the build that the tests use. Written by `cargo xtask instructions --write`.\n";

/// Pieces of work and how many instructions each of their operations takes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counts(Vec<(String, u64)>);

impl Counts {
    /// Reads what [`Counts::text`] wrote.
    pub fn read(text: &str) -> Result<Self, String> {
        let line = |line: &str| {
            let (name, count) = line.split_once(' ')?;
            Some((name.to_owned(), count.trim().parse().ok()?))
        };
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.map(|text| line(text).ok_or_else(|| format!("{text}: not a name and a count"))).collect::<Result<_, _>>().map(Self)
    }

    /// A line for each.
    pub fn text(&self) -> String {
        let lines = self.0.iter().map(|(name, count)| format!("{name} {count}\n"));
        std::iter::once(HEAD.to_owned()).chain(lines).collect()
    }

    /// Adds one.
    pub fn add(&mut self, name: &str, count: u64) {
        self.0.push((name.to_owned(), count));
    }

    /// Takes one out.
    pub fn take(&mut self, name: &str) -> Option<u64> {
        let place = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(place).1)
    }

    /// What to say when a piece of work now takes `count`, and that is too much.
    pub fn grown(&self, name: &str, count: u64) -> Option<String> {
        let (_, before) = self.0.iter().find(|(known, _)| known == name)?;
        let is_more = count * 100 > before * (100 + TOLERATED);
        is_more.then(|| format!("{name} takes {count} instructions, and took {before}: {:+.1} %", percent(*before, count)))
    }

    /// What has grown, and what is counted in one of the two only.
    pub fn problems(&self, found: &Self) -> Vec<String> {
        let has = |counts: &Self, name: &str| counts.0.iter().any(|(known, _)| known == name);
        let mut problems: Vec<String> = found.0.iter().filter_map(|(name, count)| self.grown(name, *count)).collect();
        problems
            .extend(found.0.iter().filter(|(name, _)| !has(self, name)).map(|(name, _)| format!("{name} has no count to compare with")));
        problems.extend(self.0.iter().filter(|(name, _)| !has(found, name)).map(|(name, _)| format!("{name} was not counted")));
        problems
    }

    /// Both, side by side.
    pub fn beside(&self, found: &Self) -> String {
        let before = |name: &str| self.0.iter().find(|(known, _)| known == name).map_or(0, |(_, count)| *count);
        let line = |(name, count): &(String, u64)| {
            let before = before(name);
            format!("{name:22} {count:>12} {before:>12} {:+6.1} %\n", percent(before, *count))
        };
        let head = format!("{:22} {:>12} {:>12}\n", "instructions", "now", "before");
        std::iter::once(head).chain(found.0.iter().map(line)).collect()
    }
}

fn percent(before: u64, now: u64) -> f64 {
    (now as f64 / before.max(1) as f64 - 1.0) * 100.0
}
