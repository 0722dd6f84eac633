//! Administration: who may ask for what, nobody helps themselves to more, and what is taken away is gone at once, on every node.

mod accounts;
mod clients;
mod escalation;
mod explain;
mod house;
mod last;
mod nodes;
mod own_roles;
mod routes;
mod session;
