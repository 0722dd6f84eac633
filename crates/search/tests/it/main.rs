//! What the search room promises, feature by feature.

mod folding;
mod page;
mod parsing;
mod registry;
mod url;
