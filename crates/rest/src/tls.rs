//! TLS: what the server is known by, from two files, which may change while it runs.
//!
//! TLS 1.2 and 1.3 (RFC 8446), with the ciphers that rustls holds to be sound, and HTTP/2 or HTTP/1.1 by ALPN (RFC 7301).

mod files;
mod hello;

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;

pub use files::TlsError;
pub(crate) use hello::speaks_tls;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(5);

/// What the server is known by.
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    current: Arc<Current>,
    pub(crate) acceptor: TlsAcceptor,
}

/// The certificate in force, and the text of the files that it was made of.
#[derive(Debug)]
struct Current(RwLock<(files::Texts, Arc<CertifiedKey>)>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).1.clone())
    }
}

impl Tls {
    /// Reads a chain of certificates, the server's own first, and its private key, both as PEM.
    ///
    /// Fails when a file cannot be read, has nothing of that kind, or the key is not the certificate's.
    pub fn open(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let texts = files::read(certificate, key)?;
        let certified = files::understand(&texts, certificate, key)?;
        let current = Arc::new(Current(RwLock::new((texts, Arc::new(certified)))));
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(|error| TlsError::Unusable(error.to_string()))?;
        let mut config = config.with_no_client_auth().with_cert_resolver(current.clone());
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Ok(Self { certificate: certificate.to_owned(), key: key.to_owned(), current, acceptor })
    }

    /// Reads the files again, and says whether they have changed. New connections get what they say now.
    ///
    /// Fails as [`Tls::open`] does, as when one of the two is written already and the other is not; then what was in force stays so.
    pub fn reload(&self) -> Result<bool, TlsError> {
        let texts = files::read(&self.certificate, &self.key)?;
        if self.current.0.read().unwrap_or_else(PoisonError::into_inner).0 == texts {
            return Ok(false);
        }
        let certified = files::understand(&texts, &self.certificate, &self.key)?;
        *self.current.0.write().unwrap_or_else(PoisonError::into_inner) = (texts, Arc::new(certified));
        Ok(true)
    }

    /// Looks at the files every five seconds, for ever. What is wrong with them is logged once.
    pub(crate) async fn follow(&self) {
        let mut told = None;
        loop {
            tokio::time::sleep(LOOK).await;
            match self.reload() {
                Ok(false) => told = None,
                Ok(true) => {
                    told = None;
                    tracing::info!(target: "ward::http", "the server has another certificate now");
                }
                Err(error) if told.as_ref() == Some(&error) => {}
                Err(error) => {
                    tracing::error!(target: "ward::http", %error, "the files of TLS have changed and cannot be used: what they said before holds");
                    told = Some(error);
                }
            }
        }
    }
}
