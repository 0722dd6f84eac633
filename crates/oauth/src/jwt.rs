//! JSON Web Tokens (RFC 7515, 7519), as far as they are needed: compact, a few algorithms, and what a key is for is a matter of the key alone.
//!
//! The algorithm in a header chooses nothing: a token is accepted only when it names the algorithm of the key that its `kid` names. There is no `none`, and
//! no symmetric algorithm.

mod public_key;
mod token;

pub use public_key::{ALGORITHMS, PublicKey};
pub use token::{Claims, Token};
