//! Which unit may be meant by a word that is none.

use crate::table;

/// What is often written for a unit, and is none or another one's code.
const ELSEWHERE: [(&str, &str); 16] = [
    ("mcg", "ug"),
    ("cc", "mL"),
    ("hr", "h"),
    ("hrs", "h"),
    ("sec", "s"),
    ("mmhg", "mm[Hg]"),
    ("cmh2o", "cm[H2O]"),
    ("lb", "[lb_av]"),
    ("lbs", "[lb_av]"),
    ("oz", "[oz_av]"),
    ("in", "[in_i]"),
    ("inch", "[in_i]"),
    ("ft", "[ft_i]"),
    ("degc", "Cel"),
    ("gm", "g"),
    ("cells", "{cells}"),
];

/// The code that a word is nearest to: one that is often written so, or one that differs in case or lacks the brackets.
pub(crate) fn instead_of(word: &str) -> Option<String> {
    if let Some((_, code)) = ELSEWHERE.iter().find(|(other, _)| word.eq_ignore_ascii_case(other)) {
        return Some((*code).to_owned());
    }
    if let Some(atom) = table::atoms().iter().find(|atom| is_near(atom.code, word)) {
        return Some(atom.code.to_owned());
    }
    table::prefixes().iter().find_map(|prefix| {
        let start = word.get(..prefix.code.len()).filter(|start| start.eq_ignore_ascii_case(prefix.code))?;
        let atom = table::atoms().iter().find(|atom| atom.is_metric && is_near(atom.code, &word[start.len()..]))?;
        Some(format!("{}{}", prefix.code, atom.code))
    })
}

/// Whether two words differ only in case and brackets.
fn is_near(code: &str, word: &str) -> bool {
    let letters =
        |text: &'_ str| text.bytes().filter(|byte| !b"[]".contains(byte)).map(|byte| byte.to_ascii_lowercase()).collect::<Vec<u8>>();
    code.len().abs_diff(word.len()) <= 2 && letters(code) == letters(word)
}
