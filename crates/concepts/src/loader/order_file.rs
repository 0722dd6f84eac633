//! The order files of CMS, in which ICD-10-CM and ICD-10-PCS are published: columns of fixed width.
//!
//! A number (5), the code without a point (7), whether it may be used on a claim (1), a short title (60), a long title; a space between each.

use std::io::BufRead;

use super::Load;
use crate::source::Lines;
use crate::{Failure, NewDesignation};

/// A line.
pub(super) struct Line<'a> {
    pub(super) code: &'a str,
    pub(super) is_billable: bool,
    pub(super) short: &'a str,
    pub(super) long: &'a str,
}

/// Whether a text begins like such a file.
pub(super) fn is_one(head: &str) -> bool {
    head.lines().next().is_some_and(|line| parse(line).is_some())
}

fn parse(line: &str) -> Option<Line<'_>> {
    let number = line.get(..5)?;
    let is_billable = match line.get(14..15)? {
        "0" => false,
        "1" => true,
        _ => return None,
    };
    let code = line.get(6..13)?.trim_end();
    if !number.bytes().all(|byte| byte.is_ascii_digit()) || code.len() < 3 {
        return None;
    }
    // A line may end after the short title.
    let titles = line.get(16..)?;
    let (short, long) = titles.split_at_checked(60.min(titles.len()))?;
    Some(Line { code, is_billable, short: short.trim(), long: if long.trim().is_empty() { short.trim() } else { long.trim() } })
}

/// Reads a file line by line.
pub(super) fn each(
    load: &mut Load<'_>,
    reader: &mut dyn BufRead,
    file: &str,
    mut take: impl FnMut(&mut Load<'_>, &Line<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut lines = Lines::or_latin(reader, file);
    while let Some(text) = lines.next()? {
        if text.trim().is_empty() {
            continue;
        }
        load.count(file);
        match parse(text) {
            Some(line) => take(load, &line)?,
            None => {
                return Err(lines
                    .malformed("a line has a number (5), a code (7), 0 or 1, a short title (60) and a long title, with spaces between"));
            }
        }
    }
    Ok(())
}

/// The concept of a line, but for its parent.
pub(super) fn concept(load: &mut Load<'_>, code: &str, line: &Line<'_>, billable: usize) -> Result<(), Failure> {
    load.writer.concept(code)?;
    load.writer.designation(code, &NewDesignation::display(line.long))?;
    load.writer.designation(code, &NewDesignation::other(line.short, None))?;
    load.writer.value(code, billable, if line.is_billable { "true" } else { "false" })
}
