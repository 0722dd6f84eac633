//! For whom passkeys are made: the domain under which people reach the pages (<https://www.w3.org/TR/webauthn-3/#rp-id>).

use std::net::IpAddr;

use identity::settings::RelyingParty;

/// The relying party of a server whose pages are at `site`; `None` where browsers make no passkeys: at an address in place of a name, and at any host but this
/// machine when there is no TLS. A loopback address is `localhost` to them.
pub fn of(site: &str) -> Option<RelyingParty> {
    let (scheme, rest) = site.split_once("://")?;
    let authority = rest.split('/').next()?.to_ascii_lowercase();
    let is_port = |port: &&str| port.bytes().all(|byte| byte.is_ascii_digit());
    let (host, port) = match authority.rsplit_once(':').filter(|(_, port)| is_port(port)) {
        Some((host, port)) => (host, Some(port)),
        None => (&*authority, None),
    };
    let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    let host = match address {
        Some(address) if address.is_loopback() => "localhost",
        Some(_) => return None,
        None => host,
    };
    let is_name = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    let is_trusted = scheme == "https" || scheme == "http" && (host == "localhost" || host.ends_with(".localhost"));
    if !is_name || !is_trusted {
        return None;
    }
    // Browsers leave out the port that a scheme has by itself.
    let usual = if scheme == "https" { "443" } else { "80" };
    let port = port.filter(|port| *port != usual).map_or(String::new(), |port| format!(":{port}"));
    Some(RelyingParty { id: host.to_owned(), origins: vec![format!("{scheme}://{host}{port}")] })
}
