//! `ward`: the hospital's information system in one program.
//!
//! This crate reads the command line and the settings, opens the engine, and wires the rooms together. It is the only
//! one that names an engine. What a command does is in the file of its name under [`command`].

mod cli;
mod clock;
mod code_systems;
mod codes;
mod command;
mod core_files;
mod custody;
mod demo;
mod door;
mod import;
mod memory;
mod open_files;
mod opening;
mod packages;
mod pages;
mod progress;
mod remote;
mod secret_file;
mod settings;
mod tenants;
mod trail;
mod wiring;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    core_files::forbid();
    let arguments = cli::parse();
    match command::run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            for line in &failure.lines {
                eprintln!("ward: {line}");
            }
            ExitCode::from(failure.exit as u8)
        }
    }
}
