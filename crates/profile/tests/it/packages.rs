//! The conformance resources of published packages and of FHIR itself.

use std::io::Read;

use fhir::Value;
use fhir::library::Shelf;

/// The JSON resources in a package, such as `us-core-6.1.0`; `None` when the data is not here.
pub fn package(name: &str) -> Option<Vec<Value>> {
    let packed = std::fs::read(published::data(&format!("ig/{name}.tgz"))?).expect("the package can be read");
    Some(unpack(&packed))
}

/// The JSON resources in a package, which is a tar archive in gzip.
pub fn unpack(packed: &[u8]) -> Vec<Value> {
    let mut archive = Vec::new();
    flate2::read::MultiGzDecoder::new(packed).read_to_end(&mut archive).expect("it is gzip");
    let files = files(&archive);
    let is_resource = |name: &str| name.strip_prefix("package/").is_some_and(|name| name.ends_with(".json") && !name.contains('/'));
    let resources = files.into_iter().filter(|(name, _)| is_resource(name)).filter_map(|(_, text)| fhir::json::parse(text).ok());
    resources.filter(|resource| resource.resource_type().is_some()).collect()
}

/// The resources in one of FHIR's own definition files, such as `profiles-types`.
pub fn definitions(file: &str) -> Option<Vec<Value>> {
    let text = published::gunzip(&published::data(&format!("fhir-r4/definitions/{file}.json.gz"))?);
    let bundle = fhir::json::parse(&text).expect("the definitions are JSON");
    Some(bundle.list("entry").filter_map(|entry| entry.get("resource")).cloned().collect())
}

/// FHIR's own profiles and extensions.
pub fn base_profiles() -> Option<Vec<Value>> {
    let mut all = definitions("profiles-others")?;
    all.extend(definitions("extension-definitions")?);
    Some(all)
}

/// A library of these resources, as far as they are StructureDefinitions.
pub fn shelf(resources: impl IntoIterator<Item = Value>) -> Shelf {
    Shelf::new(resources.into_iter().filter(is_definition))
}

/// Whether it is a StructureDefinition.
pub fn is_definition(resource: &Value) -> bool {
    resource.resource_type() == Some("StructureDefinition")
}

/// The names and contents of the files in a tar archive.
fn files(archive: &[u8]) -> Vec<(String, &[u8])> {
    const BLOCK: usize = 512;
    let mut files = Vec::new();
    let mut at = 0;
    while let Some(header) = archive.get(at..at + BLOCK).filter(|header| header[0] != 0) {
        let name = text(&header[..100]);
        let size = usize::from_str_radix(text(&header[124..136]).trim(), 8).expect("a size in octal digits");
        let prefix = text(&header[345..500]);
        let name = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        let content = &archive[at + BLOCK..at + BLOCK + size];
        if matches!(header[156], b'0' | 0) {
            files.push((name, content));
        }
        at += BLOCK + size.div_ceil(BLOCK) * BLOCK;
    }
    files
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}
