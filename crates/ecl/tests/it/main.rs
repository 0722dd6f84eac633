//! The tests of the room, one module for each of its features. Evaluation is compared with `naive`, which knows nothing but definitions, over a `synthetic`
//! edition.

mod answers;
mod errors;
mod expressions;
mod generated;
mod grammar;
mod hostile;
mod implicit;
mod naive;
mod naive_filters;
mod suite;
mod synthetic;
mod synthetic_making;
