//! The list of checks, `tests/mutants.txt`.

/// Where it is.
pub const FILE: &str = "tests/mutants.txt";

/// A check, and what stands in its place when it is out.
#[derive(Debug)]
pub struct Mutant {
    /// Its file.
    pub file: String,
    /// What it checks.
    pub about: String,
    /// The text around it, with the expression in «».
    text: String,
    /// The expression without the check.
    pub instead: String,
    /// What another check is about that stands behind it and refuses the same: they are taken out together.
    pub second_line: Option<String>,
}

impl Mutant {
    /// The text as it stands in the file.
    pub fn plain(&self) -> String {
        self.text.replace(['«', '»'], "")
    }

    /// What is before the expression, the expression, and what is after it.
    pub fn parts(&self) -> (&str, &str, &str) {
        let (before, rest) = self.text.split_once('«').unwrap_or((&self.text, ""));
        let (check, after) = rest.split_once('»').unwrap_or((rest, ""));
        (before, check, after)
    }
}

/// Reads the list.
pub fn read() -> Result<Vec<Mutant>, String> {
    let text = std::fs::read_to_string(FILE).map_err(|error| format!("{FILE}: {error}"))?;
    let (mut list, mut file): (Vec<Mutant>, &str) = (Vec::new(), "");
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let wrong = || format!("{FILE}, line {}: {line}", number + 1);
        let (sign, rest) = line.split_at_checked(2).ok_or_else(wrong)?;
        match (sign, list.last_mut()) {
            ("= ", _) => file = rest,
            ("? ", _) => {
                list.push(Mutant {
                    file: file.to_owned(),
                    about: rest.to_owned(),
                    text: String::new(),
                    instead: String::new(),
                    second_line: None,
                });
            }
            ("- ", Some(mutant)) if mutant.instead.is_empty() => {
                mutant.text = if mutant.text.is_empty() { rest.to_owned() } else { format!("{}\n{rest}", mutant.text) };
            }
            ("& ", Some(mutant)) if mutant.text.is_empty() => mutant.second_line = Some(rest.to_owned()),
            ("+ ", Some(mutant)) if mutant.instead.is_empty() => mutant.instead = rest.to_owned(),
            _ => return Err(wrong()),
        }
    }
    let unknown = |mutant: &&Mutant| mutant.second_line.as_ref().is_some_and(|about| !list.iter().any(|other| other.about == *about));
    if let Some(mutant) = list.iter().find(unknown) {
        return Err(format!("{FILE}: no check is about what stands behind {:?}", mutant.about));
    }
    match list.iter().find(|mutant| mutant.instead.is_empty() || mutant.parts().1.is_empty()) {
        Some(mutant) => Err(format!("{FILE}: {:?} has no expression in «», or none in its place", mutant.about)),
        None => Ok(list),
    }
}
