//! SAML 2.0, as far as a service provider needs it that signs people in by a browser (Profiles, section 4.1): a request goes by redirect, an answer comes by a form.
//!
//! | | supported | refused |
//! |---|---|---|
//! | requests | `HTTP-Redirect`, not signed | |
//! | answers | `HTTP-POST`, to a request | those that nobody asked for; artifacts |
//! | what is signed | the assertion, the response, or both | a signature anywhere else, or over anything else |
//! | canonical form | exclusive, with `PrefixList` | inclusive; with comments |
//! | transforms | `enveloped-signature`, then the canonical form | all others, and any other order |
//! | digests | SHA-256, SHA-384, SHA-512 | SHA-1, MD5 |
//! | signatures | RSA (PKCS #1) with these; ECDSA on P-256 with SHA-256, on P-384 with SHA-384 | RSA of less than 2048 bits, DSA, HMAC |
//! | keys | those that were handed in | those that an answer brings along |
//! | names | persistent, e-mail address, unspecified and others that stay | transient |
//! | assertions | in clear; encrypted with AES-128-GCM or AES-256-GCM, for one key | encrypted with AES-CBC or Triple DES; names or attributes that are encrypted alone |
//! | transport of that key | RSA-OAEP with SHA-1, or with SHA-256, as digest and mask | RSA 1.5; another digest than the mask; agreement on keys |
//! | signing out | `HTTP-Redirect` and `HTTP-POST`, signed, in both directions | what is not signed; SOAP, artifacts |
//! | XML | UTF-8, names in ASCII | DOCTYPE, processing instructions, entities beyond the five |
//!
//! - [`request`]: the address that asks a provider to sign somebody in. [`response`]: what it answers. [`metadata`]: what each side says of itself.
//! - [`logout`]: signing out at both places; [`binding`]: how its messages travel. [`encrypted`]: assertions that are encrypted. [`own`]: this server's keys. [`name`]: what a
//!   provider calls somebody.
//! - [`xml`]: a strict tree, and its canonical form. [`signature`]: who signed an element of it. [`certificate`]: the key in a certificate.
//!
//! This crate knows no HTTP, no accounts and no clock (it is handed the time).

pub mod binding;
pub mod certificate;
pub mod encrypted;
pub mod logout;
pub mod metadata;
pub mod name;
pub mod own;
pub mod request;
pub mod response;
pub mod signature;
pub mod xml;

/// Why something is not accepted: the rule, without any content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused(pub &'static str);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Refused {}

/// The namespaces that are understood.
pub(crate) mod namespace {
    pub(crate) const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
    pub(crate) const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
    pub(crate) const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
    pub(crate) const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
    pub(crate) const ENCRYPTION: &str = "http://www.w3.org/2001/04/xmlenc#";
    pub(crate) const ENCRYPTION_11: &str = "http://www.w3.org/2009/xmlenc11#";
    pub(crate) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
}
