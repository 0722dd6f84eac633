//! Constraints in SNOMED CT's language.

use std::sync::Arc;

use concepts::Table;
use ecl::Found;

use super::edition::Release;
use crate::Ecl;
use crate::system::{Rows, System};

/// What constraints are evaluated over: the tables of SNOMED CT that are open.
pub struct Constraints {
    tables: Vec<Arc<Table>>,
}

impl Constraints {
    /// Over these tables; those of other code systems are never asked.
    pub fn new(tables: impl IntoIterator<Item = Arc<Table>>) -> Self {
        Self { tables: tables.into_iter().collect() }
    }
}

impl Ecl for Constraints {
    fn select(&self, system: &dyn System, expression: &str) -> Result<Rows, String> {
        let about = system.about();
        let version = about.version.as_deref().unwrap_or_default();
        let is_it = |table: &&Arc<Table>| table.about().url == about.url && *table.about().version == *version;
        let table = self.tables.iter().find(is_it).ok_or_else(|| format!("no table of {} is open", about.canonical()))?;
        let constraint = ecl::parse(expression).map_err(|error| error.to_string())?;
        let answer = ecl::evaluate(&constraint, &Release(table), ecl::Limits::default()).map_err(|error| error.to_string())?;
        let Found::Concepts(found) = answer.found else {
            return Err("a value set is made of concepts, not of rows of reference sets".to_owned());
        };
        let mut rows = Rows::none(table.len());
        for concept in found {
            rows.insert(concept);
        }
        Ok(rows)
    }
}
