//! Another server, over TLS, that answers what it is told and remembers what it was asked.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A server on loopback.
pub struct Elsewhere {
    pub port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Elsewhere {
    /// The first lines of the requests that have come; `"connected"` for whoever came and asked nothing that could be understood.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("what was asked").clone()
    }

    /// A server for these names, whose authority is in a file, which is given as the setting `ca_file`. `answer` makes of a path the head of the answer without its length, and
    /// the body.
    pub fn start(folder: &Path, names: &[&str], answer: impl Fn(&str) -> (String, String) + Send + Sync + 'static) -> (Self, String) {
        let (config, setting) = certified(folder, names);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (noted, answer) = (asked.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let line = served(stream.expect("a connection"), &config, &*answer);
                noted.lock().expect("what was asked").push(line.unwrap_or_else(|| "connected".to_owned()));
            }
        });
        (Self { port, asked }, setting)
    }
}

/// The first line of a request, when it was answered.
fn served(mut stream: TcpStream, config: &Arc<ServerConfig>, answer: &dyn Fn(&str) -> (String, String)) -> Option<String> {
    stream.set_read_timeout(Some(std::time::Duration::from_secs(5))).ok()?;
    let mut tls = ServerConnection::new(config.clone()).ok()?;
    tls.complete_io(&mut stream).ok()?;
    let mut stream = StreamOwned::new(tls, stream);
    let mut request = vec![0; 8192];
    let length = stream.read(&mut request).ok()?;
    let line = String::from_utf8_lossy(&request[..length]).lines().next()?.to_owned();
    let (head, body) = answer(line.split(' ').nth(1)?);
    let text = format!("{head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    stream.write_all(text.as_bytes()).and_then(|()| stream.flush()).ok()?;
    stream.conn.send_close_notify();
    let _ = stream.conn.complete_io(&mut stream.sock);
    Some(line)
}

fn certified(folder: &Path, names: &[&str]) -> (Arc<ServerConfig>, String) {
    let mut params = CertificateParams::new(Vec::new()).expect("parameters");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a certificate");
    let file = folder.join("authority.pem");
    std::fs::write(&file, authority.pem()).expect("written");
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).expect("names");
    let certificate = params.signed_by(&key, &authority).expect("a certificate").der().clone();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
    let config = config.with_no_client_auth().with_single_cert(vec![certificate], key).expect("a certificate and its key");
    (Arc::new(config), format!("ca_file={}", file.display()))
}
