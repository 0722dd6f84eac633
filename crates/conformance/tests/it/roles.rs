//! Who may do what, over HTTP: every type by every way in, for everybody.
//!
//! A server has some resources of each type ([`world`]). People with the roles that Ward brings, with scopes, places, broken glasses and purposes ([`people`]) ask
//! it for them in every way. What they must be told says an [`oracle`] that reads the roles' files and judges each resource by what was planted in it: it
//! knows no filter, no plan and no gate.
//!
//! Each file of cells takes its rows from a table of the program (types, interactions, operations, routes): what is new there and has no cell fails.

mod around;
mod cells;
mod house;
mod leaks;
mod oracle;
mod people;
mod told;
mod world;

mod bundles;
mod elements;
mod feed;
mod files;
mod links;
mod operations;
mod reads;
mod routes;
mod searches;
mod versions;
mod writes;
