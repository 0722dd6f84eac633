//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use http::request::Parts;

/// The other end of a connection: it travels with its requests.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// The address of whoever sent a request; `None` when it came over no connection.
///
/// Behind a proxy it is the last that `X-Forwarded-For` names, which is the one that the proxy saw itself: those before it are the client's words.
pub(crate) fn address(head: &Parts, behind_proxy: bool) -> Option<IpAddr> {
    let forwarded = || {
        let last = head.headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        let last = last.rsplit(',').next()?.trim();
        last.parse::<IpAddr>().ok().or_else(|| last.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()))
    };
    let direct = head.extensions.get::<Peer>().map(|Peer(address)| address.ip());
    let address = if behind_proxy { forwarded().or(direct) } else { direct };
    address.map(|address| address.to_canonical())
}
