//! The code systems in concept tables as CodeSystem resources (<http://hl7.org/fhir/R4/codesystem.html>), without their concepts.

use concepts::{About, Content, Table};
use fhir::{Object, Value};
use xxhash_rust::xxh3::xxh3_64;

/// How long the parts of an id are that people can read: with the hash there are never more than 64.
const READABLE: usize = 20;

/// The logical id: what people can read of the address and the version, made unique by a hash.
pub(super) fn id(about: &About) -> Box<str> {
    let hash = xxh3_64(format!("{}|{}", about.url, about.version).as_bytes());
    let parts = [last_part(&about.url), last_part(&about.version)].map(readable);
    let parts = parts.iter().filter(|part| !part.is_empty());
    parts.map(|part| format!("{part}-")).chain([format!("{hash:016x}")]).collect::<String>().into()
}

/// The resource, without `meta`. `content` says how much of the code system can be asked about: `not-present` that it is all in a table and nothing of
/// it in the resource, `fragment` that it is a part. How many concepts a code system has is not known when only a part of it is here.
pub(super) fn resource(id: &str, table: &Table) -> Value {
    let about = table.about();
    let is_whole = about.content == Content::Complete;
    let mut resource = Object::from_iter([("resourceType", Value::from("CodeSystem")), ("id", id.into()), ("url", (*about.url).into())]);
    let push_text = |resource: &mut Object, name: &'static str, text: &str| {
        if !text.is_empty() {
            resource.push(name, text);
        }
    };
    push_text(&mut resource, "language", &about.language);
    push_text(&mut resource, "version", &about.version);
    resource.push("name", name(about));
    push_text(&mut resource, "title", &about.title);
    resource.push("status", "active");
    let extent = if is_whole { "all of it" } else { "a part of it: that a code is not there does not say that it is wrong" };
    let concepts = table.len();
    resource.push("description", format!("Loaded into this server in the format {}: {concepts} concepts, {extent}.", about.loader));
    push_text(&mut resource, "copyright", &about.copyright);
    resource.push("caseSensitive", about.case_sensitive);
    push_text(&mut resource, "valueSet", &about.value_set);
    push_text(&mut resource, "hierarchyMeaning", &about.hierarchy_meaning);
    resource.push("compositional", about.compositional);
    resource.push("content", if is_whole { "not-present" } else { "fragment" });
    if is_whole {
        resource.push("count", u64::from(concepts));
    }
    let properties: Vec<Value> = about.properties.iter().map(property).collect();
    if !properties.is_empty() {
        resource.push("property", properties);
    }
    resource.into()
}

fn property(property: &concepts::Property) -> Value {
    let mut value = Object::from_iter([("code", Value::from(&*property.code))]);
    if !property.uri.is_empty() {
        value.push("uri", &*property.uri);
    }
    value.push("type", property.kind.name());
    value.into()
}

/// The name for programs: the words of the title without what stands between them, after a letter.
fn name(about: &About) -> String {
    let title = if about.title.is_empty() { last_part(&about.url) } else { &about.title };
    let mut name = String::new();
    for word in title.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let (first, rest) = word.split_at(1);
        name.push_str(&first.to_ascii_uppercase());
        name.push_str(rest);
    }
    name.truncate(250);
    if name.starts_with(|first: char| first.is_ascii_uppercase()) { name } else { format!("System{name}") }
}

/// What stands after the last slash or colon of an address.
fn last_part(address: &str) -> &str {
    address.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or_default()
}

/// Letters and digits, and a hyphen for everything else.
fn readable(text: &str) -> String {
    let character = |character: char| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '-' };
    text.chars().take(READABLE).map(character).collect::<String>().trim_matches('-').to_owned()
}
