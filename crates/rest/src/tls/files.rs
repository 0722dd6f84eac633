//! The files of a certificate and its key.

use std::fmt;
use std::path::Path;

use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

/// Why TLS cannot be spoken with two files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsError {
    /// A file cannot be read: which, and why.
    Unreadable(String, String),
    /// The file of certificates has none, or something that is none: which.
    NoCertificate(String),
    /// The file of the key has none: which.
    NoKey(String),
    /// The key is not the certificate's: which file has it.
    OtherKey(String),
    /// TLS cannot be set up with them, for another reason.
    Unusable(String),
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TlsError::Unreadable(file, why) => write!(f, "{file} cannot be read: {why}"),
            TlsError::NoCertificate(file) => write!(
                f,
                "{file} must have certificates as PEM, between BEGIN CERTIFICATE and END CERTIFICATE: the server's own first, then those that it was signed by"
            ),
            TlsError::NoKey(file) => {
                write!(f, "{file} must have a private key as PEM, between BEGIN PRIVATE KEY and END PRIVATE KEY, without a password")
            }
            TlsError::OtherKey(file) => {
                write!(f, "{file} has the private key of another certificate: give the two that were made together")
            }
            TlsError::Unusable(why) => write!(f, "TLS cannot be set up with this certificate and key: {why}"),
        }
    }
}

impl std::error::Error for TlsError {}

/// What the two files say.
#[derive(PartialEq, Eq)]
pub(super) struct Texts {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl fmt::Debug for Texts {
    /// A private key is never shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Texts(…)")
    }
}

/// Reads the two files.
pub(super) fn read(certificate: &Path, key: &Path) -> Result<Texts, TlsError> {
    let read = |path: &Path| std::fs::read(path).map_err(|error| TlsError::Unreadable(path.display().to_string(), error.to_string()));
    Ok(Texts { certificate: read(certificate)?, key: read(key)? })
}

/// The certificate and its key that the texts of the files hold.
pub(super) fn understand(texts: &Texts, certificate: &Path, key: &Path) -> Result<CertifiedKey, TlsError> {
    let chain = CertificateDer::pem_slice_iter(&texts.certificate).collect::<Result<Vec<_>, _>>();
    let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or_else(|| TlsError::NoCertificate(certificate.display().to_string()))?;
    let private = PrivateKeyDer::from_pem_slice(&texts.key).map_err(|_| TlsError::NoKey(key.display().to_string()))?;
    CertifiedKey::from_der(chain, private, &default_provider()).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => TlsError::OtherKey(key.display().to_string()),
        error => TlsError::Unusable(error.to_string()),
    })
}
