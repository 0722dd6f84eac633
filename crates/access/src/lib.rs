//! Who may see what: roles and policies, compiled into filters, and the gate through which every interaction reaches the store.
//!
//! - [`grant`]: what somebody may do, by type and act.
//! - [`gate`]: the store as somebody with a grant sees it.
//! - [`principal`]: who asks, as far as rules care.
//! - [`refusal`]: what somebody is told whom no rule lets do something.
//! - [`scope`]: what a client was allowed on behalf of whoever uses it (SMART App Launch 2.2).
//! - [`codes`]: the issue numbers of this crate.
//!
//! This crate knows no HTTP, no passwords and tokens, no clock (it is handed the time), and no engine.

pub mod codes;
pub mod gate;
pub mod grant;
pub mod principal;
pub mod refusal;
pub mod scope;

pub use gate::{Gate, Touched};
pub use grant::{ACTS, Act, Fields, Grant, Verdict};
pub use principal::{Assignment, BreakGlass, Principal, Strength};
pub use scope::{Acts, Context, ResourceScope, Scopes};
