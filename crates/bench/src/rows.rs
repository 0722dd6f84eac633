//! What resources come to in the two stores: the rows and keys that Ward writes for them, made beforehand.

use fhir::Value;
use fhir::definitions::ResourceType;
use interaction::prepare::{Rules, prepare};
use search::Registry;
use store::commit::{Key, Put};
use store::encoding::encode_entries;
use store::encoding::key::{ordered_i64, put_end_key, put_value_key};
use store::entry::Param;

use crate::Failure;

/// How many bodies the dictionary is trained from, how large it is, and how hard zstd tries: as the engine does it.
const SAMPLES: usize = 4000;
const DICTIONARY_BYTES: usize = 112 * 1024;
const LEVEL: i32 = 3;

/// The parameters that stand together in keys, as in the engine's index.
const PAIRED: [(&str, &str); 3] = [("patient", "code"), ("patient", "category"), ("code", "value-quantity")];

/// What the keys of search entries begin with.
const ENTRIES: u8 = 8;

/// What follows the first byte of every key: the tenant's number.
pub const TENANT: [u8; 4] = [0, 0, 0, 1];

/// What one version of a resource puts into the two stores.
pub struct Row {
    /// Its type.
    pub kind: &'static str,
    /// A number for its type.
    pub code: u8,
    /// Its logical id.
    pub id: String,
    /// Where the stamp goes.
    pub stamp_at: u32,
    /// Its compressed text.
    pub body: Vec<u8>,
    /// Its search entries that the version before did not have, without the number of the resource at the end.
    pub entries: Vec<Vec<u8>>,
    /// The search entries of the version before that it has no more.
    pub gone: Vec<Vec<u8>>,
    /// Its date and all its entries, as a list.
    pub list: Vec<u8>,
}

/// Makes rows of resources.
pub struct Maker {
    rules: Rules,
    dictionary: zstd::dict::EncoderDictionary<'static>,
}

impl Maker {
    /// One that compresses with a dictionary trained from `resources`.
    pub fn new(resources: &[Value]) -> Result<Self, Failure> {
        let texts: Vec<String> = resources.iter().take(SAMPLES).map(fhir::json::to_string).collect();
        let dictionary = zstd::dict::from_samples(&texts, DICTIONARY_BYTES)?;
        Ok(Self { rules: Rules::of_structure(Registry::standard()), dictionary: zstd::dict::EncoderDictionary::copy(&dictionary, LEVEL) })
    }

    /// The rows of resources that are new.
    pub fn created(&self, resources: &[Value]) -> Result<Vec<Row>, Failure> {
        resources.iter().map(|resource| self.row(&self.put(resource)?, None)).collect()
    }

    /// The rows of resources that were there in another version: pairs of before and after.
    pub fn updated(&self, pairs: &[(Value, Value)]) -> Result<Vec<Row>, Failure> {
        let row = |(before, after): &(Value, Value)| {
            let before = self.put(before)?;
            self.row(&self.put(after)?, Some(&before))
        };
        pairs.iter().map(row).collect()
    }

    fn put(&self, resource: &Value) -> Result<Put, Failure> {
        let kind = resource.resource_type().and_then(ResourceType::parse).ok_or("a resource without type")?;
        let key = Key::new(kind, resource.text("id").ok_or("a resource without id")?);
        let prepared = prepare(&self.rules, "http://localhost/fhir", resource, key);
        Ok(prepared.map_err(|error| format!("a resource that cannot be stored: {:?}", error.outcome().issues))?.put)
    }

    fn row(&self, put: &Put, before: Option<&Put>) -> Result<Row, Failure> {
        let entries = keys(put);
        let old = before.map(keys).unwrap_or_default();
        Ok(Row {
            kind: put.key.kind.name(),
            code: ResourceType::all().position(|kind| kind == put.key.kind).unwrap_or_default() as u8,
            id: put.key.id.to_string(),
            stamp_at: put.body.stamp_at,
            body: zstd::bulk::Compressor::with_prepared_dictionary(&self.dictionary)?.compress(&put.body.text)?,
            gone: old.iter().filter(|key| entries.binary_search(key).is_err()).cloned().collect(),
            entries: entries.into_iter().filter(|key| old.binary_search(key).is_err()).collect(),
            list: [&put.date.to_be_bytes(), &encode_entries(&put.entries)[..]].concat(),
        })
    }
}

/// The keys of the search entries: space, tenant, parameter, value (an interval also by its end), and how new it is, in seven bytes; sorted,
/// each once. One says only that the resource is there, and some have the values of two parameters.
fn keys(put: &Put) -> Vec<Vec<u8>> {
    let date = ordered_i64(put.date).map(|byte| !byte);
    let key = |param: Param, put_value: &dyn Fn(&mut Vec<u8>) -> bool| {
        let mut key = [&[ENTRIES], &TENANT[..], &param.0.to_be_bytes()].concat();
        let is_kept = put_value(&mut key);
        key.extend_from_slice(&date[1..]);
        is_kept.then_some(key)
    };
    let mut keys = vec![key(Param::of(put.key.kind.name(), ""), &|_| true)];
    for entry in &put.entries {
        keys.push(key(entry.param, &|bytes| {
            put_value_key(bytes, &entry.value);
            true
        }));
        keys.push(key(entry.param, &|bytes| put_end_key(bytes, &entry.value)));
    }
    for (first, second) in PAIRED {
        let of = |code: &str| {
            let param = Param::of(put.key.kind.name(), code);
            put.entries.iter().filter(move |entry| entry.param == param).map(|entry| &entry.value)
        };
        let param = Param::of(put.key.kind.name(), &format!("{first}+{second}"));
        for (one, other) in of(first).flat_map(|one| of(second).map(move |other| (one, other))) {
            keys.push(key(param, &|bytes| {
                put_value_key(bytes, one);
                put_value_key(bytes, other);
                true
            }));
        }
    }
    let mut keys: Vec<Vec<u8>> = keys.into_iter().flatten().collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
