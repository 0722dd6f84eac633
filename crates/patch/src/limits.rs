//! What a patch may be and do at most, so that every patch ends soon and in bounded memory.

use fhir::Value;

/// Operations of one patch.
pub const MAX_OPERATIONS: usize = 1000;
/// Bytes of one path or selector.
pub const MAX_PATH_BYTES: usize = 4096;
/// Arrays and objects within each other in what comes out: as deep as the JSON reader goes.
pub const MAX_DEPTH: usize = 128;
/// What all operations of one patch together may copy into the resource, in bytes of memory.
pub const MAX_GROWTH_BYTES: usize = 64 << 20;

/// What all selectors of one XML Patch together may look at, in nodes of the document and bytes of texts they compare.
pub const MAX_LOOKS: usize = 50_000_000;

/// What is left of the growth that a patch is allowed.
pub(crate) struct Room {
    bytes_left: usize,
}

impl Room {
    pub(crate) fn new() -> Self {
        Self { bytes_left: MAX_GROWTH_BYTES }
    }

    /// Counts a value that is put at `depth`. The error says which limit it goes over.
    pub(crate) fn take(&mut self, value: &Value, depth: usize) -> Result<(), String> {
        let (bytes, levels) = measure(value);
        if depth + levels > MAX_DEPTH {
            return Err(format!("the resource would be nested deeper than {MAX_DEPTH} levels"));
        }
        self.take_bytes(bytes)
    }

    /// The same for something of a known size, whose depth is bounded elsewhere.
    pub(crate) fn take_bytes(&mut self, bytes: usize) -> Result<(), String> {
        match self.bytes_left.checked_sub(bytes) {
            Some(left) => {
                self.bytes_left = left;
                Ok(())
            }
            None => Err(format!("the patch copies more than {MAX_GROWTH_BYTES} bytes: split it")),
        }
    }
}

/// How many arrays and objects are within each other in a value; 0 for one that is neither.
pub(crate) fn levels(value: &Value) -> usize {
    measure(value).1
}

/// The bytes of memory that a value takes, about, and how many arrays and objects are within each other in it.
fn measure(value: &Value) -> (usize, usize) {
    let own = size_of::<Value>();
    let inner = |bytes: usize, items: &mut dyn Iterator<Item = (usize, &Value)>| {
        items.fold((bytes, 1), |(bytes, levels), (name_bytes, item)| {
            let (item_bytes, item_levels) = measure(item);
            (bytes + name_bytes + item_bytes, levels.max(1 + item_levels))
        })
    };
    match value {
        Value::Null | Value::Bool(_) => (own, 0),
        Value::Number(text) | Value::String(text) => (own + text.len(), 0),
        Value::Array(items) => inner(own, &mut items.iter().map(|item| (0, item))),
        Value::Object(members) => inner(own, &mut members.iter().map(|(name, item)| (size_of::<fhir::Name>() + name.len(), item))),
    }
}
