//! The integration tests of oauth.

mod encounters;
mod gathering;
mod house;
mod signer;

mod authorize;
mod bearer;
mod clocks;
mod code;
mod consent;
mod device;
mod discovery;
mod fetched_keys;
mod id_token;
mod introspect;
mod items;
mod launch;
mod origins;
mod params;
mod parts;
mod races;
mod redirect;
mod refresh;
mod register;
mod revoke;
mod secrets;
mod services;
mod signing;
mod silence;
mod sweep;
mod userinfo;
