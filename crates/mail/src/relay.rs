//! The server that takes letters, as a setting names it: `smtps://user:password@mail.example.org:465`.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use identity::Secret;

/// What is shown in place of a password.
const HIDDEN: &str = "***";

/// How what is said to the server is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314), `smtps://`.
    Tls,
    /// TLS after `STARTTLS` (RFC 3207), `smtp+starttls://`. A server that does not offer it is sent nothing.
    StartTls,
    /// Nothing, `smtp://`: to a server on the same machine only.
    None,
}

/// A server for mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relay {
    /// How it is spoken to.
    pub security: Security,
    /// Its name, which its certificate has to have; or its address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The name to sign in with; `None`: it asks for none.
    pub user: Option<String>,
    /// The password.
    pub password: Option<Secret>,
}

impl FromStr for Relay {
    type Err = String;

    /// Reads an address. What is refused is told without repeating it: a password may stand in it.
    fn from_str(text: &str) -> Result<Self, String> {
        let (scheme, rest) = text.split_once("://").ok_or("it must be like smtps://user@mail.example.org:465")?;
        let (security, usual) = match scheme {
            "smtps" => (Security::Tls, 465),
            "smtp+starttls" => (Security::StartTls, 587),
            "smtp" => (Security::None, 25),
            _ => return Err("it must begin with smtps://, smtp+starttls:// or, for a server on this machine, smtp://".to_owned()),
        };
        let (proof, place) =
            rest.trim_end_matches('/').rsplit_once('@').map_or((None, rest.trim_end_matches('/')), |(proof, place)| (Some(proof), place));
        let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        let (host, port) = match place.rsplit_once(':').filter(|(_, port)| is_port(port)) {
            Some((host, port)) => (host, port.parse().map_err(|_| "its port must be a number up to 65535")?),
            None => (place, usual),
        };
        let host = host.trim_matches(['[', ']']).to_owned();
        let is_name = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:_".contains(&byte));
        if host.is_empty() || !is_name {
            return Err("it must name a host: smtps://user@mail.example.org:465".to_owned());
        }
        let (user, password) = proof.map_or((None, None), |proof| match proof.split_once(':') {
            Some((user, password)) => (Some(user), Some(password)),
            None => (Some(proof), None),
        });
        let decoded = |part: Option<&str>| {
            part.map(|part| decoded(part).ok_or("what stands before the @ is not written as in addresses: % as %25")).transpose()
        };
        if password == Some(HIDDEN) {
            return Err("the password is left out where settings are shown: write it, or name a file with smtp_password_file".to_owned());
        }
        let (user, password) = (decoded(user)?, decoded(password)?.map(Secret::new));
        let relay = Self { security, host, port, user, password };
        if security == Security::None && !relay.is_here() {
            return Err("without TLS only a server on this machine is spoken to: write smtps:// or smtp+starttls://".to_owned());
        }
        Ok(relay)
    }
}

impl Relay {
    fn is_here(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

impl fmt::Display for Relay {
    /// The address, with `***` in place of a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.security {
            Security::Tls => "smtps",
            Security::StartTls => "smtp+starttls",
            Security::None => "smtp",
        };
        write!(f, "{scheme}://")?;
        if let Some(user) = &self.user {
            write!(
                f,
                "{}{}@",
                user.replace('%', "%25").replace('@', "%40").replace(':', "%3A"),
                if self.password.is_some() { format!(":{HIDDEN}") } else { String::new() }
            )?;
        }
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

/// A part of an address without its `%` (RFC 3986, 2.1), in one line.
fn decoded(part: &str) -> Option<String> {
    let (mut bytes, mut rest) = (Vec::new(), part.as_bytes());
    while let Some((byte, after)) = rest.split_first() {
        (rest, _) = match byte {
            b'%' => {
                let (digits, after) = after.split_at_checked(2)?;
                (after, bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?))
            }
            byte => (after, bytes.push(*byte)),
        };
    }
    String::from_utf8(bytes).ok().filter(|text| !text.chars().any(char::is_control))
}
