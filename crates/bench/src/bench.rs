//! What the parts share: what is asked for, a folder, the hospital, and a server that has it.

use fhir::Value;

use crate::arguments::Arguments;
use crate::files::{Scratch, write_ndjson};
use crate::server::Server;
use crate::{Failure, hospital, ward};

/// What the parts share.
pub struct Bench {
    /// What is asked for.
    pub arguments: Arguments,
    /// Where everything that is measured is written. Declared after the server, so that it is removed after that has ended.
    server: Option<Server>,
    hospital: Vec<Value>,
    /// A folder of its own.
    pub scratch: Scratch,
}

impl Bench {
    /// Nothing is made before a part asks for it.
    pub fn new(arguments: Arguments) -> Result<Self, Failure> {
        Ok(Self { arguments, server: None, hospital: Vec::new(), scratch: Scratch::new()? })
    }

    /// The resources of the synthetic hospital.
    pub fn hospital(&mut self) -> &[Value] {
        if self.hospital.is_empty() {
            self.hospital = hospital::stream(self.arguments.patients).collect();
        }
        &self.hospital
    }

    /// A server that has the hospital, the same for all parts.
    pub fn server(&mut self) -> Result<&Server, Failure> {
        if self.server.is_none() {
            let (file, data_dir) = (self.scratch.path("hospital.ndjson"), self.scratch.path("served"));
            write_ndjson(self.hospital().iter(), &file)?;
            ward::import(&self.arguments.ward, &data_dir, &[file])?;
            self.server = Some(Server::ward(&self.arguments.ward, &data_dir)?);
        }
        self.server.as_ref().ok_or_else(|| "there is no server".into())
    }

    /// That server, if any part had one started.
    pub fn running(&self) -> Option<&Server> {
        self.server.as_ref()
    }
}

/// Fails when requests have failed: a rate with errors in it is none.
pub fn no_errors(what: &str, errors: u64) -> Result<(), Failure> {
    if errors == 0 { Ok(()) } else { Err(format!("{what}: {errors} requests failed").into()) }
}
