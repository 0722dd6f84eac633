//! Resources in files: JSON, XML, and NDJSON with one a line; `-` is standard input.

use std::io::Read;
use std::path::Path;

use fhir::{Issue, IssueCode, Value, json, xml};

use super::Failure;
use crate::codes;

/// A resource, or what is wrong with its text.
pub type Parsed = Result<Value, Vec<Issue>>;

/// The resource in a file.
pub fn read(path: &Path) -> Result<Value, Failure> {
    let text = bytes(path)?;
    parse(&text).map_err(|issues| {
        let lines = issues.iter().map(|issue| format!("{}: {issue}", path.display())).collect();
        Failure { exit: super::Exit::Failed, lines }
    })
}

/// The resources in a file, each with a name for messages: of NDJSON with the number of its line.
pub fn each(path: &Path) -> Result<Vec<(String, Parsed)>, Failure> {
    let text = bytes(path)?;
    let name = path.display().to_string();
    if path.extension().is_none_or(|extension| extension != "ndjson") {
        return Ok(vec![(name, parse(&text))]);
    }
    let lines = text.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.iter().all(u8::is_ascii_whitespace));
    Ok(lines.map(|(index, line)| (format!("{name}:{}", index + 1), parse(line))).collect())
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut text = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().read_to_end(&mut text).map(drop)
    } else {
        std::fs::read(path).map(|read| text = read)
    };
    read.map(|()| text).map_err(|error| Failure::failed(format!("{}: {error}", path.display())))
}

/// What begins with `<` is XML, everything else JSON.
fn parse(text: &[u8]) -> Parsed {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    if text.trim_ascii_start().starts_with(b"<") {
        return xml::parse(text);
    }
    json::parse(text)
        .map_err(|error| vec![Issue::error(codes::NOT_A_RESOURCE, IssueCode::Structure, "", format!("no well-formed JSON: {error}"))])
}
