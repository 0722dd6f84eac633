//! Origins of other sites, as a setting.

use std::fmt;
use std::str::FromStr;

/// Origins of other sites.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(pub Vec<String>);

impl FromStr for Origins {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_origin = |origin: &str| {
            let host = origin.strip_prefix("https://").or(origin.strip_prefix("http://"))?;
            let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte);
            (!host.is_empty() && host.bytes().all(is_plain)).then_some(())
        };
        match text.split_whitespace().find(|origin| is_origin(origin).is_none()) {
            Some(wrong) => {
                Err(format!("{wrong} is no origin: write scheme, host and port as a browser does, such as https://app.example.org"))
            }
            None => Ok(Self(text.split_whitespace().map(str::to_owned).collect())),
        }
    }
}

impl fmt::Display for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}
