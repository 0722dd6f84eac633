//! Tables in a folder that goes away.

use concepts::{About, Added, Failure, Table, Tables, Writer};
use tempfile::TempDir;

/// A folder for tables.
pub struct Scene {
    folder: TempDir,
}

impl Scene {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn path(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub fn tables(&self) -> Tables {
        Tables::new(self.folder.path().join("concepts"))
    }

    /// Adds a table.
    pub fn try_add(&self, about: About, fill: impl FnOnce(&mut Writer) -> Result<(), Failure>) -> Result<Added, Failure> {
        self.tables().add(|writer| {
            writer.describe(about);
            fill(writer)
        })
    }

    /// Adds a table and opens it.
    pub fn table(&self, about: About, fill: impl FnOnce(&mut Writer) -> Result<(), Failure>) -> Table {
        let added = self.try_add(about, fill).expect("the table is written");
        Table::open(&added.path).expect("the table opens")
    }

    /// Loads a source, and opens what comes of it.
    pub fn load(&self, source: &std::path::Path, options: &concepts::loader::Options) -> Vec<Table> {
        let added = concepts::loader::load(source, options, &self.tables(), &mut |_| {}).unwrap_or_else(|failure| panic!("{failure}"));
        added.iter().map(|added| Table::open(&added.path).unwrap_or_else(|failure| panic!("{failure}"))).collect()
    }

    /// The only table of a source.
    pub fn load_one(&self, source: &std::path::Path) -> Table {
        let mut tables = self.load(source, &concepts::loader::Options::default());
        assert_eq!(tables.len(), 1, "the source has one code system");
        tables.remove(0)
    }
}

/// The codes of concepts.
pub fn codes(table: &Table, concepts: impl IntoIterator<Item = concepts::Concept>) -> Vec<&str> {
    concepts.into_iter().map(|concept| table.code(concept)).collect()
}

/// The display of a code.
pub fn display(table: &Table, code: &str) -> String {
    let concept = table.find(code).unwrap_or_else(|| panic!("{code} is there"));
    table.display(concept, None).map(|text| text.to_string()).unwrap_or_default()
}

/// The values of a property of a code.
pub fn values(table: &Table, code: &str, property: &str) -> Vec<String> {
    let concept = table.find(code).unwrap_or_else(|| panic!("{code} is there"));
    table.properties(concept).filter(|value| &*value.property.code == property).map(|value| value.text.to_string()).collect()
}
