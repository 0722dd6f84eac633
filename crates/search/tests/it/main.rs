//! What the search room promises, feature by feature.

mod extraction;
mod folding;
mod meaning;
mod owners;
mod page;
mod parsing;
mod registry;
mod sealed;
mod url;
