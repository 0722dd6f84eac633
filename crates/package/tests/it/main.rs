//! FHIR packages: archives, manifests, versions, plans, places in a store, and what registries say.

mod archive;
mod guides;
mod manifest;
mod pack;
mod placing;
mod plan;
mod range;
mod registry;
