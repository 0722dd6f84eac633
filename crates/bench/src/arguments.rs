//! What the benchmark is asked to do.

use std::path::PathBuf;

use crate::{Failure, parts};

/// How it is called.
const USAGE: &str = "cargo xtask bench [PART…] [--only PART,…] [--sizes 4,5,6,7] [--rounds N] [--seconds N] [--patients N] [--profile]";

/// What the benchmark is asked to do.
pub struct Arguments {
    /// The program that is measured.
    pub ward: PathBuf,
    /// The page that is written.
    pub output: PathBuf,
    /// The parts that are measured; all when it is empty.
    pub only: Vec<String>,
    /// The powers of ten at which growth is measured, rising.
    pub sizes: Vec<u32>,
    /// How often each measurement is taken.
    pub rounds: usize,
    /// How long a round of load lasts, in seconds.
    pub seconds: f64,
    /// How many patients the synthetic hospital of the measurements has.
    pub patients: u32,
}

impl Arguments {
    /// Reads the command line: the program, the page, and options.
    pub fn parse(words: &[String]) -> Result<Self, Failure> {
        let [ward, output, options @ ..] = words else {
            return Err(format!("usage: {USAGE}").into());
        };
        let mut parsed = Self {
            ward: PathBuf::from(ward).canonicalize()?,
            output: PathBuf::from(output),
            only: Vec::new(),
            sizes: vec![4, 5, 6],
            rounds: 3,
            seconds: 4.0,
            patients: 400,
        };
        let mut options = options.iter();
        while let Some(option) = options.next() {
            if option == "--profile" {
                parsed.only.push("profile".to_owned());
                continue;
            }
            if !option.starts_with("--") {
                parsed.only.extend(parts::named(option)?);
                continue;
            }
            let value = options.next().ok_or_else(|| format!("{option}: a value is missing. Usage: {USAGE}"))?;
            match option.as_str() {
                "--only" => parsed.only.extend(parts::named(value)?),
                "--sizes" => parsed.sizes = value.split(',').map(str::parse).collect::<Result<_, _>>()?,
                "--rounds" => parsed.rounds = value.parse::<usize>()?.max(1),
                "--seconds" => parsed.seconds = value.parse()?,
                "--patients" => parsed.patients = value.parse()?,
                _ => return Err(format!("{option} is no option. Usage: {USAGE}").into()),
            }
        }
        parsed.sizes.sort_unstable();
        Ok(parsed)
    }
}
