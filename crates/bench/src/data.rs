//! What is measured with: the synthetic hospital, as files and as rows.

use std::io::Write;
use std::path::Path;

use fhir::Value;
use fhir::definitions::ResourceType;
use search::Registry;
use store::encoding::{encode_entries, value_key};

use crate::Failure;
use crate::raw::Row;

/// The day on which the hospital is seen.
const TODAY: (i32, u8, u8) = (2026, 1, 31);

/// The resources of a hospital with so many patients.
pub fn hospital(patients: u32) -> Vec<Value> {
    seed::Hospital::new(seed::Plan { patients, seed: 7, today: TODAY }).collect()
}

/// Writes resources as NDJSON.
pub fn write_ndjson(resources: &[Value], file: &Path) -> Result<(), Failure> {
    let mut output = std::io::BufWriter::new(std::fs::File::create(file)?);
    for resource in resources {
        writeln!(output, "{}", fhir::json::to_string(resource))?;
    }
    Ok(output.flush()?)
}

/// What resources come to in the two stores: bodies compressed with a dictionary as the engine does it, and the same keys.
pub fn rows(resources: &[Value]) -> Result<Vec<Row>, Failure> {
    let registry = Registry::standard();
    let texts: Vec<String> = resources.iter().map(fhir::json::to_string).collect();
    let samples: Vec<&[u8]> = texts.iter().take(4000).map(String::as_bytes).collect();
    let dictionary = zstd::dict::from_samples(&samples, 112 * 1024)?;
    let mut compressor = zstd::bulk::Compressor::with_dictionary(1, &dictionary)?;
    let mut rows = Vec::with_capacity(resources.len());
    for (resource, text) in resources.iter().zip(&texts) {
        let kind = resource.resource_type().and_then(ResourceType::parse).ok_or("a resource without type")?;
        let id = resource.text("id").ok_or("a resource without id")?.to_owned();
        let extracted = registry.extract(kind, resource);
        let identity = [kind.name().as_bytes(), id.as_bytes()].concat();
        let mut keys = vec![identity.clone(), [b"h", identity.as_slice()].concat()];
        for entry in &extracted.entries {
            let mut key = entry.param.0.to_be_bytes().to_vec();
            key.extend_from_slice(&value_key(&entry.value));
            key.extend_from_slice(&(!extracted.date).to_be_bytes());
            keys.push(key);
        }
        let body = compressor.compress(text.as_bytes())?;
        rows.push(Row { kind: kind.name(), id, body, keys, list: encode_entries(&extracted.entries) });
    }
    Ok(rows)
}
