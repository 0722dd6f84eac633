//! A registry over https, with certificates that are right and others.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::{answer, list};
use crate::process::run;

/// An authority that only these tests know.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a certificate"))
    }

    /// Its certificate in a file, as a setting.
    fn file(&self, folder: &Path) -> String {
        let file = folder.join("authority.pem");
        std::fs::write(&file, self.0.pem()).expect("written");
        format!("ca_file={}", file.display())
    }

    /// A registry with a certificate for this name, which is valid until the end of a year: its address as a setting.
    fn registry(&self, name: &str, last_year: i32) -> String {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(last_year, 12, 31);
        let certificate = params.signed_by(&key, &self.0).expect("a certificate").der().clone();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
        let config = Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate], key).expect("a certificate and its key"));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut tls = ServerConnection::new(config.clone()).expect("a connection");
                let mut stream = stream.expect("a connection");
                if tls.complete_io(&mut stream).is_ok() {
                    let mut stream = StreamOwned::new(tls, stream);
                    answer(&mut stream, true);
                    stream.conn.send_close_notify();
                    let _ = stream.conn.complete_io(&mut stream.sock);
                }
            }
        });
        format!("package_registry=https://{address}")
    }
}

/// What `ward package add` says, with these settings.
fn told(folder: &Path, settings: &[&str]) -> String {
    let mut arguments: Vec<&str> = settings.iter().flat_map(|setting| ["--set", setting]).collect();
    arguments.extend(["package", "add", "terms@2.x"]);
    let output = run(folder, &arguments);
    assert_ne!(output.status.code(), Some(101), "it panicked");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn an_authority_of_the_house_is_trusted_when_it_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let authority = Authority::new();
    let registry = authority.registry("127.0.0.1", 2099);
    let refused = told(folder.path(), &[&registry]);
    assert!(refused.contains("ca_file"), "{refused}");
    assert_eq!(list(folder.path()), "");
    let taken = told(folder.path(), &[&registry, &authority.file(folder.path())]);
    assert!(taken.contains("terms@2.1.0: 1 written"), "{taken}");
    assert_eq!(list(folder.path()), "terms@2.1.0  terms\n");
}

#[test]
fn each_fault_of_a_certificate_is_told_with_its_remedy() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (authority, other) = (Authority::new(), Authority::new());
    let trusted = authority.file(folder.path());
    for (registry, says) in [
        (other.registry("127.0.0.1", 2099), "signed by nobody who is trusted here"),
        (authority.registry("registry.test", 2099), "for another name"),
        (authority.registry("127.0.0.1", 2021), "no longer valid"),
        (super::registry(true).replace("http:", "https:"), "does not speak TLS"),
    ] {
        let refused = told(folder.path(), &[&registry, &trusted]);
        assert!(refused.contains(says), "{says}: {refused}");
        assert_eq!(list(folder.path()), "");
    }
}
