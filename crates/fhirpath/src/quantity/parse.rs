//! Text to quantity (<http://hl7.org/fhirpath/N1/#toquantityunit-string-quantity>).

use super::{CalendarUnit, Quantity};
use crate::number;

/// Reads `5`, `5.5 'mg'` or `3 days`; `None` when it is neither.
pub(crate) fn parse(text: &str) -> Option<Quantity> {
    let digits_end = text.find(|character: char| !matches!(character, '0'..='9' | '.' | '+' | '-')).unwrap_or(text.len());
    let (digits, unit) = text.split_at(digits_end);
    let plain = digits.strip_prefix(['+', '-']).unwrap_or(digits);
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, "0"));
    let is_number = [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let value = number::decimal(digits).filter(|_| is_number)?;
    let trimmed = unit.trim_start();
    if trimmed.is_empty() {
        return Some(Quantity::number(value));
    }
    if let Some(code) = trimmed.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return (!code.is_empty() && !code.contains('\'')).then(|| Quantity::new(value, code));
    }
    Some(Quantity::calendar(value, CalendarUnit::parse(trimmed)?))
}
