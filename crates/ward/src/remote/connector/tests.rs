//! What is told of the faults of certificates.

use std::io;

use rustls::{CertificateError, InvalidMessage};

use super::{connector, fault};

#[test]
fn each_fault_has_its_remedy() {
    use CertificateError::{BadSignature, Expired, NotValidForName, NotValidYet, Revoked, UnknownIssuer};
    let certificate = rustls::Error::InvalidCertificate;
    for (error, says) in [
        (certificate(UnknownIssuer), "ca_file"),
        (certificate(Expired), "renewed"),
        (certificate(NotValidYet), "clock"),
        (certificate(NotValidForName), "another name"),
        (certificate(BadSignature), "ca_file"),
        (certificate(Revoked), "replaced"),
        (rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType), "http://"),
        (rustls::Error::NoCertificatesPresented, "TLS 1.2"),
    ] {
        let name = format!("{error:?}");
        let told = fault(&io::Error::other(io::Error::other(error))).unwrap_or_else(|| panic!("{name}: nothing is told"));
        assert!(told.contains(says), "{name}: {told}");
    }
    assert_eq!(fault(&io::Error::other("the network is down")), None);
}

#[test]
fn a_file_without_certificates_is_refused_when_tls_is_wanted() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let name = file.path().to_string_lossy().into_owned();
    for (ca_file, says) in [(name.as_str(), "no certificate"), ("/nowhere/ca.pem", "/nowhere/ca.pem")] {
        let refused = connector(true, ca_file).err().unwrap_or_else(|| panic!("{ca_file} is taken"));
        assert!(refused.contains(says) && refused.contains("BEGIN CERTIFICATE"), "{refused}");
        assert!(connector(false, ca_file).is_ok(), "without TLS nobody has to be trusted");
    }
}
