//! Regular expressions: matched in linear time, so no pattern can hold the server up.

use regex::{Regex, RegexBuilder};

use super::Call;
use crate::error::{Error, Result};
use crate::evaluate::BYTES_PER_STEP;
use crate::item::Collection;
use crate::text::Text;

/// How much memory a compiled pattern may take, in bytes.
const PATTERN_BYTES: usize = 1 << 20;

/// The steps that compiling a pattern counts for: it takes milliseconds where a step takes nanoseconds.
const COMPILING: usize = 20_000;

pub(super) fn matches<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    answer(call, |pattern| pattern.to_owned())
}

pub(super) fn matches_full<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    answer(call, |pattern| format!("^(?:{pattern})$"))
}

fn answer<'a>(call: &Call<'_, 'a>, framed: fn(&str) -> String) -> Result<Collection<'a>> {
    let text = call.text()?;
    let (Some(text), Some(pattern)) = (text, call.text_argument(0)?) else { return Ok(Collection::new()) };
    let regex = compile(call, &framed(&pattern), call.text_argument(1)?)?;
    call.charge(text.len() / 16)?;
    call.one(regex.is_match(&text))
}

pub(super) fn replace_matches<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let text = call.text()?;
    let (Some(text), Some(pattern), Some(substitution)) = (text, call.text_argument(0)?, call.text_argument(1)?) else {
        return Ok(Collection::new());
    };
    if pattern.is_empty() {
        return call.one(text);
    }
    let regex = compile(call, &pattern, call.text_argument(2)?)?;
    // What it can become at most: each group of the substitution as long as the whole text, and the rest once for each match.
    let groups = substitution.matches('$').count().saturating_mul(text.len());
    let rest = regex.find_iter(&text).count().saturating_mul(substitution.len());
    call.charge(1 + groups.saturating_add(rest) / BYTES_PER_STEP)?;
    call.string(regex.replace_all(&text, explicit_groups(&substitution)).into_owned())
}

/// `$1` as `${1}`: only so can letters follow it.
fn explicit_groups(substitution: &str) -> String {
    let mut explicit = String::with_capacity(substitution.len() + 8);
    let mut rest = substitution;
    while let Some(dollar) = rest.find('$') {
        explicit.push_str(&rest[..=dollar]);
        rest = &rest[dollar + 1..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            explicit.push_str(&format!("{{{}}}", &rest[..digits]));
            rest = &rest[digits..];
        }
    }
    explicit + rest
}

/// A pattern with the flags `i` and `m`. A `.` matches line ends too.
fn compile(call: &Call<'_, '_>, pattern: &str, flags: Option<Text<'_>>) -> Result<Regex> {
    let flags = flags.as_deref().unwrap_or("");
    if flags.chars().any(|flag| !matches!(flag, 'i' | 'm')) {
        return call.fail("the flags of a regular expression are i (capitals do not count) and m (^ and $ match at line ends)");
    }
    let key = format!("{flags}/{pattern}");
    if let Some((_, regex)) = call.pattern.get().map(|kept| &**kept).filter(|(kept, _)| *kept == key) {
        return Ok(regex.clone());
    }
    call.charge(COMPILING)?;
    let built = RegexBuilder::new(pattern)
        .dot_matches_new_line(true)
        .case_insensitive(flags.contains('i'))
        .multi_line(flags.contains('m'))
        .size_limit(PATTERN_BYTES)
        .nest_limit(100)
        .build();
    let regex = built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => Error::limit(call.at, format!("the regular expression takes more than {PATTERN_BYTES} bytes")),
        _ => {
            Error::execution(call.at, "this is no regular expression, or one with look-around or back-references, which are not supported")
        }
    })?;
    call.pattern.get_or_init(|| Box::new((key, regex.clone())));
    Ok(regex)
}
