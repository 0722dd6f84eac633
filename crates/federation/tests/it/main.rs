//! The relying party, with a provider outside that is honest, or is not.

mod house;
mod linking;
mod openid;
mod provider;
mod refusals;
mod registry;
