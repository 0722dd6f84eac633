//! The binary as its users meet it: the command line, the server over a socket, the files it writes.

mod access;
mod administration;
mod attacks;
mod backup;
mod clock;
mod config;
mod demo;
mod desk;
mod erase;
mod examples;
mod export;
mod faults;
mod histories;
mod http;
mod import;
mod keys;
mod kill;
mod overload;
mod package;
mod process;
mod remote;
mod resource_files;
mod status;
mod tenants;
mod terminology;
