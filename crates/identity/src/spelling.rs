//! How names and addresses are written, so that two that look the same are the same.

use crate::error::IdentityError;

/// The longest name to show, in characters.
const LONGEST_NAME: usize = 200;

/// A login as it is kept: in small letters.
///
/// Fails with [`IdentityError::Invalid`] when it is not 1 to 64 of ASCII letters, digits and `. _ - +`; with `may_be_address` it may have a `@`, too (people could register
/// with the address of another otherwise).
pub fn login(text: &str, may_be_address: bool) -> Result<String, IdentityError> {
    let text = text.trim().to_ascii_lowercase();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-+".contains(&byte) || (may_be_address && byte == b'@');
    match (1..=64).contains(&text.len()) && text.bytes().all(fits) {
        true => Ok(text),
        false => Err(IdentityError::Invalid { field: "login", rule: "1 to 64 letters of a to z, digits and . _ - +" }),
    }
}

/// An e-mail address as it is kept: in small letters.
///
/// Fails with [`IdentityError::Invalid`] when it has not one `@` between two parts, is longer than 254, or has other characters than visible ASCII ones.
pub fn email(text: &str) -> Result<String, IdentityError> {
    let text = text.trim().to_ascii_lowercase();
    let visible = text.len() <= 254 && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>()[]\\,;:\"".contains(&byte));
    let parts = text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && local.len() <= 64
            && domain.contains('.')
            && !domain.contains('@')
            && !domain.starts_with(['.', '-'])
            && !domain.ends_with(['.', '-'])
    });
    match visible && parts {
        true => Ok(text),
        false => Err(IdentityError::Invalid { field: "email", rule: "an address such as ada@example.org" }),
    }
}

/// A name to show.
///
/// Fails with [`IdentityError::Invalid`] when it is empty, longer than 200 characters, or has control characters.
pub fn name(text: &str) -> Result<String, IdentityError> {
    let text = text.trim();
    match !text.is_empty() && text.chars().count() <= LONGEST_NAME && !text.chars().any(char::is_control) {
        true => Ok(text.to_owned()),
        false => Err(IdentityError::Invalid { field: "name", rule: "1 to 200 characters, in one line" }),
    }
}

/// A telephone number, as it was given.
///
/// Fails with [`IdentityError::Invalid`] when it has other characters than digits, spaces and `+ - / ( ) . x`, or more than 40.
pub fn phone(text: &str) -> Result<String, IdentityError> {
    let text = text.trim();
    match (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit() || b" +-/().x".contains(&byte)) {
        true => Ok(text.to_owned()),
        false => Err(IdentityError::Invalid { field: "phone", rule: "at most 40 digits, spaces and + - / ( ) . x" }),
    }
}

/// A language.
///
/// Fails with [`IdentityError::Invalid`] when it is not made as BCP 47 says: parts of 1 to 8 letters and digits with `-` between them.
pub fn locale(text: &str) -> Result<String, IdentityError> {
    let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match text.len() <= 35 && text.split('-').all(part) {
        true => Ok(text.to_owned()),
        false => Err(IdentityError::Invalid { field: "locale", rule: "a language such as en or de-CH" }),
    }
}
