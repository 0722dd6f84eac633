//! Whether a server may listen where the settings say.

use super::{Access, Settings};

impl Settings {
    /// Why a server must not listen there, and what to do; `None` when it may.
    ///
    /// Whoever can reach an address beyond this machine has to be known, and what they send must not be read on the way.
    pub fn listening_problem(&self) -> Option<String> {
        let Self { listen, access, behind_proxy, .. } = self;
        match (self.tls_cert.is_empty(), self.tls_key.is_empty()) {
            (true, false) => return Some("tls_key is set and tls_cert is not: set both, or none".to_owned()),
            (false, true) => return Some("tls_cert is set and tls_key is not: set both, or none".to_owned()),
            _ => {}
        }
        if listen.ip().is_loopback() {
            return None;
        }
        if *access == Access::Open {
            return Some(format!(
                "{listen} is not a loopback address, and without access control patients' data would be open to the network: listen on 127.0.0.1, or set \
                 access to required"
            ));
        }
        if self.tls_cert.is_empty() && !behind_proxy {
            return Some(format!(
                "{listen} is not a loopback address, and without TLS what is sent could be read on the way: set tls_cert and tls_key; or, behind a proxy \
                 that speaks TLS, give --behind-proxy"
            ));
        }
        self.base_url.is_empty().then(|| {
            format!(
                "{listen} is not a loopback address, and without base_url what a client has signed for another server could be used here, under its name: set \
                 base_url to the address of the FHIR endpoint, as https://ward.example.org/fhir"
            )
        })
    }
}
