//! TLS: agreed on with stock clients, with a certificate that may change, and refused in words where it cannot be.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rest::tls::{Tls, TlsError};
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::client::TlsStream;

use crate::server::TestServer;
use crate::socket::exchange;

/// A certificate for `ward.test`, and its key.
fn certified() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["ward.test".to_owned()]).expect("a certificate");
    (made.cert.pem(), made.signing_key.serialize_pem())
}

/// Two files in a folder, and what they make.
fn files(folder: &Path, (certificate, key): (&str, &str)) -> Result<Tls, TlsError> {
    let paths = [folder.join("certificate.pem"), folder.join("key.pem")];
    std::fs::write(&paths[0], certificate).expect("written");
    std::fs::write(&paths[1], key).expect("written");
    Tls::open(&paths[0], &paths[1])
}

/// A connection of a client that trusts this certificate alone.
async fn connect(
    address: std::net::SocketAddr,
    certificate: &str,
    versions: &[&'static SupportedProtocolVersion],
    protocol: &str,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(certificate.as_bytes()).expect("a certificate")).expect("trusted");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_protocol_versions(versions).expect("versions");
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    let stream = TcpStream::connect(address).await.expect("connected");
    tokio_rustls::TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("ward.test").expect("a name"), stream).await
}

async fn serve(tls: Tls) -> std::net::SocketAddr {
    let server = TestServer::with(interaction::Settings::default(), rest::Settings { is_tls: true, ..rest::Settings::default() });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(rest::serve_tls(tls, listener, server.router.clone(), server.app.clone(), std::future::pending()));
    address
}

#[tokio::test]
async fn speaks_both_versions_and_both_protocols() {
    let folder = tempfile::tempdir().expect("a folder");
    let (certificate, key) = certified();
    let address = serve(files(folder.path(), (&certificate, &key)).expect("sound")).await;
    for (version, name) in [(&rustls::version::TLS13, ProtocolVersion::TLSv1_3), (&rustls::version::TLS12, ProtocolVersion::TLSv1_2)] {
        for protocol in ["h2", "http/1.1"] {
            let stream = connect(address, &certificate, &[version], protocol).await.expect("TLS");
            let agreed = stream.get_ref().1;
            assert_eq!((agreed.protocol_version(), agreed.alpn_protocol()), (Some(name), Some(protocol.as_bytes())));
            let request = Request::get("https://ward.test/fhir/Patient").header("host", "ward.test").body(Empty::<Bytes>::new());
            let request = request.expect("a request");
            let answer = if protocol == "h2" {
                let (mut sender, connection) =
                    hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.expect("HTTP/2");
                tokio::spawn(connection);
                sender.send_request(request).await
            } else {
                let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("HTTP/1.1");
                tokio::spawn(connection);
                sender.send_request(request).await
            };
            let answer = answer.expect("an answer");
            assert_eq!(answer.status(), 200);
            assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000");
            let body = answer.into_body().collect().await.expect("a body").to_bytes();
            assert!(String::from_utf8_lossy(&body).contains("https://ward.test/fhir/Patient"), "links begin with https");
        }
    }
}

#[tokio::test]
async fn takes_up_files_that_change_and_keeps_what_it_has_when_they_cannot_be_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let (first, second) = (certified(), certified());
    let tls = files(folder.path(), (&first.0, &first.1)).expect("sound");
    assert_eq!(tls.reload(), Ok(false), "nothing has changed");
    std::fs::write(folder.path().join("certificate.pem"), &second.0).expect("written");
    assert!(matches!(tls.reload(), Err(TlsError::OtherKey(_))), "half of it is there");
    std::fs::write(folder.path().join("key.pem"), &second.1).expect("written");
    let path = [folder.path().join("certificate.pem"), folder.path().join("key.pem")];
    let address = serve(tls).await;
    let versions = [&rustls::version::TLS13];
    assert!(connect(address, &first.0, &versions, "h2").await.is_ok(), "it is looked at now and then");
    assert!(connect(address, &second.0, &versions, "h2").await.is_err());
    let tls = Tls::open(&path[0], &path[1]).expect("sound");
    std::fs::write(&path[0], &first.0).expect("written");
    std::fs::write(&path[1], &first.1).expect("written");
    assert_eq!(tls.reload(), Ok(true));
    let address = serve(tls).await;
    assert!(connect(address, &first.0, &versions, "h2").await.is_ok());
    assert!(connect(address, &second.0, &versions, "h2").await.is_err(), "the old one is gone");
}

#[test]
fn says_what_is_wrong_with_the_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let ((certificate, key), (_, other)) = (certified(), certified());
    for (texts, words) in [
        ((key.as_str(), key.as_str()), "certificates as PEM"),
        (("", key.as_str()), "certificates as PEM"),
        ((&certificate, &certificate), "private key as PEM"),
        ((&certificate, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), "TLS cannot be set up"),
        ((&certificate, &other), "of another certificate"),
    ] {
        let error = files(folder.path(), texts).map(|_| ()).expect_err("refused").to_string();
        assert!(error.contains(words) && !error.contains("MII"), "{error}");
    }
    let missing = Tls::open(&folder.path().join("none.pem"), &folder.path().join("key.pem")).map(|_| ()).expect_err("refused");
    assert!(missing.to_string().contains("none.pem cannot be read"), "{missing}");
}

#[tokio::test]
async fn tells_whoever_speaks_plain_http_why_there_is_no_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let (certificate, key) = certified();
    let address = serve(files(folder.path(), (&certificate, &key)).expect("sound")).await;
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let answer = exchange(&mut stream, "GET /fhir/metadata HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("WARD-0527") && answer.contains("https://"), "{answer}");
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let answer = exchange(&mut stream, "\u{16}\u{3}\u{1}\0\u{5}rubbish").await;
    assert!(!answer.contains("HTTP/"), "{answer}");
    assert!(connect(address, &certificate, &[&rustls::version::TLS12], "http/1.1").await.is_ok(), "it goes on");
}

#[tokio::test]
async fn waits_for_no_handshake_that_does_not_come() {
    let folder = tempfile::tempdir().expect("a folder");
    let (certificate, key) = certified();
    let tls = files(folder.path(), (&certificate, &key)).expect("sound");
    let short = std::time::Duration::from_millis(100);
    let http = rest::Settings { is_tls: true, head_timeout: short, ..rest::Settings::default() };
    let server = TestServer::with(interaction::Settings::default(), http);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(rest::serve_tls(tls, listener, server.router.clone(), server.app.clone(), std::future::pending()));
    let mut stream = TcpStream::connect(address).await.expect("connected");
    tokio::io::AsyncWriteExt::write_all(&mut stream, &[22, 3, 1]).await.expect("sent");
    let mut rest = Vec::new();
    let closed = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut rest);
    assert!(tokio::time::timeout(std::time::Duration::from_secs(10), closed).await.is_ok(), "the connection is closed");
}
