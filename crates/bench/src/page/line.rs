//! A line of the table: what was measured, beside what, what is asked for, and whether it was reached.

/// A line of the table.
pub struct Line {
    work: String,
    ward: String,
    beside: String,
    ratio: String,
    target: String,
    verdict: String,
}

impl Line {
    /// A ratio that should be `at_least` so much: Ward's figure and the other's, round by round, with their unit.
    pub fn ratio(work: &str, unit: &str, rounds: &[(f64, f64)], beside: &str, at_least: f64) -> Self {
        let (ours, others): (Vec<f64>, Vec<f64>) = rounds.iter().copied().unzip();
        let ratio = median(rounds.iter().map(|(ours, other)| ours / other).collect());
        Self {
            work: work.to_owned(),
            ward: format!("{} {unit}", spread(&ours)),
            beside: format!("{beside}: {}", spread(&others)),
            ratio: format!("{ratio:.2}"),
            target: format!("≥ {at_least:.2}"),
            verdict: verdict(ratio >= at_least),
        }
    }

    /// Rates that should be `times` as high as another; each of two others is judged by itself.
    pub fn times(work: &str, rates: &[f64], others: (f64, f64), times: f64) -> Self {
        let rate = median(rates.to_vec());
        Self {
            work: work.to_owned(),
            ward: format!("{} /s", spread(rates)),
            beside: String::new(),
            ratio: format!("{:.1}; {:.1}", rate / others.0, rate / others.1),
            target: format!("≥ {times}"),
            verdict: format!("{}; {}", verdict(rate >= times * others.0), verdict(rate >= times * others.1)),
        }
    }

    /// A figure that should be `at_most` so much; nothing is asked for when it is `None`.
    pub fn at_most(work: &str, unit: &str, rounds: &[f64], at_most: Option<f64>) -> Self {
        Self {
            work: work.to_owned(),
            ward: format!("{} {unit}", spread(rounds)).trim_end().to_owned(),
            beside: String::new(),
            ratio: String::new(),
            target: at_most.map_or(String::new(), |limit| format!("≤ {limit} {unit}").trim_end().to_owned()),
            verdict: at_most.map_or(String::new(), |limit| verdict(median(rounds.to_vec()) <= limit)),
        }
    }

    /// A figure that should be `at_least` so much.
    pub fn at_least(work: &str, unit: &str, rounds: &[f64], at_least: f64) -> Self {
        Self {
            target: format!("≥ {} {unit}", figure(at_least)),
            verdict: verdict(median(rounds.to_vec()) >= at_least),
            ..Self::at_most(work, unit, rounds, None)
        }
    }

    /// What could not be measured here, and why.
    pub fn skipped(work: &str, why: &str) -> Self {
        let nothing = String::new();
        Self {
            work: work.to_owned(),
            ward: nothing.clone(),
            beside: nothing.clone(),
            ratio: nothing.clone(),
            target: nothing,
            verdict: format!("skipped: {why}"),
        }
    }

    /// The same, with a note behind what it is compared with.
    pub fn with_note(mut self, note: &str) -> Self {
        self.beside = if self.beside.is_empty() { note.to_owned() } else { format!("{}; {note}", self.beside) };
        self
    }

    /// The line as Markdown, with its last column.
    pub fn render(&self, last: &str) -> String {
        let Self { work, ward, beside, ratio, target, verdict } = self;
        format!("| {work} | {ward} | {beside} | {ratio} | {target} | {verdict} | {last}")
    }
}

fn verdict(met: bool) -> String {
    if met { "met" } else { "**missed**" }.to_owned()
}

/// The middle of some values; 0 when there are none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// The median, and the range in brackets when there are several.
pub fn spread(values: &[f64]) -> String {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(0.0, f64::max);
    match values.len() {
        0 => "–".to_owned(),
        1 => figure(low),
        _ => format!("{} [{}–{}]", figure(median(values.to_vec())), figure(low), figure(high)),
    }
}

/// A figure with three digits or so, and commas between the thousands.
pub fn figure(value: f64) -> String {
    match value {
        value if value < 100.0 && value.fract() == 0.0 => format!("{value:.0}"),
        value if value < 10.0 => format!("{value:.2}"),
        value if value < 100.0 => format!("{value:.1}"),
        value => {
            let digits = format!("{value:.0}");
            let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
            groups.join(",")
        }
    }
}
