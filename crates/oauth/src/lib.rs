//! OAuth 2.1, OpenID Connect and SMART App Launch 2.2: what each endpoint answers, without HTTP.
//!
//! - [`codes`]: the issue numbers of this crate.
//!
//! This crate knows no HTTP, no pages, no clock (it is handed one); records and accounts come from `identity`.

pub mod codes;
