//! How letters go out, as settings.

use std::fmt;
use std::str::FromStr;

use identity::spelling;
use mail::Relay;

/// The server that letters are handed to; `None`: none. It is shown without a password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SmtpUrl(pub Option<Relay>);

impl FromStr for SmtpUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() { Ok(Self(None)) } else { text.parse().map(|relay| Self(Some(relay))) }
    }
}

impl fmt::Display for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |relay| relay.fmt(f))
    }
}

/// The address that letters are from; empty: it follows from that of the pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailFrom(pub String);

impl FromStr for MailFrom {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() { Ok(Self::default()) } else { spelling::email(text).map(Self).map_err(|error| error.to_string()) }
    }
}

impl fmt::Display for MailFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
