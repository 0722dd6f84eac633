//! Attacks on the server over HTTP, a file for each class: what has gone wrong with others, tried here, and nothing of it accepted.
//!
//! The table of classes and tests, `docs/security/attacks.md`, is made of the first line of each file.

mod browser;
mod house;
mod page;

mod assertions;
mod authorship;
mod canaries;
mod emergency;
mod factors;
mod forgery;
mod guessing;
mod hidden;
mod markup;
mod outgoing;
mod parsers;
mod pkce;
mod pollution;
mod records;
mod redirects;
mod replays;
mod scopes;
mod sessions;
mod tenants;
mod wire;
