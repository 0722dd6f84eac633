//! Ward's own answers, recorded: what the bare server answers with.

use std::io::Write;
use std::path::Path;

use bytes::Bytes;

use crate::load::exchange::Connection;
use crate::{Failure, requests};

/// Asks `address` for each of `paths`, and writes the answers to `file`, a line each: the path, a tab, the body.
pub async fn record(address: &str, paths: &[String], file: &Path) -> Result<(), Failure> {
    let mut output = std::io::BufWriter::new(std::fs::File::create(file)?);
    let mut connection = Connection::new(address);
    for path in paths {
        let status = connection.exchange(&requests::get(address, path)).await;
        let body = connection.body();
        if status != Some(200) || body.contains(&b'\n') {
            return Err(format!("{path} was answered with {status:?}, or in several lines").into());
        }
        write!(output, "{path}\t")?;
        output.write_all(body)?;
        output.write_all(b"\n")?;
    }
    Ok(output.flush()?)
}

/// The recorded answers: path and body.
pub fn read(file: &Path) -> Result<Vec<(String, Bytes)>, Failure> {
    let text = Bytes::from(std::fs::read(file)?);
    let mut answers = Vec::new();
    for line in text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        let tab = line.iter().position(|&byte| byte == b'\t').ok_or("a line without a tab")?;
        let path = std::str::from_utf8(&line[..tab])?.to_owned();
        answers.push((path, text.slice_ref(&line[tab + 1..])));
    }
    Ok(answers)
}
