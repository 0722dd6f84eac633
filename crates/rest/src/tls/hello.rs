//! How a connection begins where TLS is spoken.

use tokio::net::TcpStream;

/// The first byte of every handshake (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 22;

/// Whether what a client has sent begins as TLS does. It waits for the first byte, which stays to be read.
pub(crate) async fn speaks_tls(stream: &TcpStream) -> bool {
    let mut first = [0];
    matches!(stream.peek(&mut first).await, Ok(1)) && first[0] == HANDSHAKE
}
