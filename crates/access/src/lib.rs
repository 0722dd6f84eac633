//! Who may see what: roles and policies, compiled into filters, and the gate through which every interaction reaches the store.
//!
//! - [`access`]: grants, made once for whoever asks and kept as long as they are true.
//! - [`explain`]: which rule, scope or consent allows or refuses something.
//! - [`policy`]: rules as data; [`role`]: those that Ward brings.
//! - [`relation`], [`place`], [`label`]: what rules go by: who takes care of whom, where, and how confidential something is.
//! - [`consent`]: what patients have agreed to.
//! - [`grant`]: what somebody may do, by type and act.
//! - [`gate`]: the store as somebody with a grant sees it.
//! - [`principal`]: who asks, as far as rules care.
//! - [`refusal`]: what somebody is told whom no rule lets do something.
//! - [`scope`]: what a client was allowed on behalf of whoever uses it (SMART App Launch 2.2).
//! - [`codes`]: the issue numbers of this crate.
//!
//! This crate knows no HTTP, no passwords and tokens, no clock (it is handed the time), and no engine.

pub mod access;
pub mod codes;
pub mod consent;
pub mod explain;
pub mod gate;
pub mod grant;
pub mod label;
pub mod place;
pub mod policy;
pub mod principal;
pub mod refusal;
pub mod relation;
pub mod role;
pub mod scope;

mod compile;
mod criteria;
mod shown;

pub use access::{Access, Following, RuleSource, Rules, follow};
pub use explain::{Explanation, Reason};
pub use gate::{Gate, Touched};
pub use grant::{ACTS, Act, Fields, Grant, Verdict};
pub use label::Clearance;
pub use policy::{Permission, Policy, Rule};
pub use principal::{Assignment, BreakGlass, Direct, Principal, Strength};
pub use relation::Relation;
pub use scope::{Acts, Context, ResourceScope, Scopes};
