//! The address of a FHIR endpoint, and of what is below it.

#[cfg(test)]
mod tests;

use http::Uri;

/// The address of an endpoint.
pub struct Address {
    /// `http://127.0.0.1:8080`, or `https://registry.example`.
    origin: String,
    /// `http://127.0.0.1:8080/fhir`.
    base: String,
}

impl Address {
    /// Reads `http://HOST:PORT/PATH` or `https://HOST/PATH`, given by the flag or setting `given_by`. Fails with what is wrong, and what to write.
    pub fn parse(given_by: &str, url: &str) -> Result<Self, String> {
        let wrong = |why: &str| format!("{given_by} {why}: write it as http://127.0.0.1:8080/fhir");
        let uri: Uri = url.parse().map_err(|_| wrong("is no address"))?;
        let scheme = uri.scheme_str().filter(|scheme| ["http", "https"].contains(scheme));
        let scheme = scheme.ok_or_else(|| wrong("must begin with http:// or https://"))?;
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        if authority.contains('@') {
            return Err(format!("{given_by} must not hold a user or password: give a token with --token"));
        }
        if uri.query().is_some() {
            return Err(wrong("must not have a query"));
        }
        let origin = format!("{scheme}://{authority}");
        let base = format!("{origin}{}", uri.path().trim_end_matches('/'));
        Ok(Self { origin, base })
    }

    /// Whether TLS is spoken there.
    pub fn is_tls(&self) -> bool {
        self.origin.starts_with("https:")
    }

    /// The endpoint itself, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.base
    }

    /// The address of a path below the endpoint; for the address of a link, the same path on this server. A request never goes to another one: a
    /// server may be known under another name to itself, and a token is for this one only.
    pub fn below(&self, path: &str) -> String {
        let path = escaped(path);
        if let Some(linked) = path.strip_prefix("http://").or(path.strip_prefix("https://")) {
            return format!("{}{}", self.origin, linked.find('/').map_or("/", |start| &linked[start..]));
        }
        match path.as_str() {
            "" => self.base.clone(),
            path => format!("{}/{path}", self.base),
        }
    }
}

/// The text with everything percent-encoded that no address may have, such as the `|` of a token. What is encoded already stays.
fn escaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | b'#' | 0..=0x20 | 0x7F.. => {
                out.push_str(&format!("%{byte:02X}"))
            }
            _ => out.push(byte.into()),
        }
    }
    out
}
