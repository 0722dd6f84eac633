//! The operations, one line each.

use std::sync::LazyLock;

use super::{
    Operation, convert, document, everything, expunge, fhirpath, find_list, graph, implements, lastn, meta, meta_change, preferred_id,
    purge, snapshot, stats, subset, terminology, validate, versions,
};
use crate::table::{Interaction, Level, Row};

/// All operations. Several may share a code, when they are for different types.
#[rustfmt::skip]
pub const TABLE: &[&Operation] = &[
    &convert::OPERATION,
    &document::OPERATION,
    &everything::PATIENT,
    &everything::ENCOUNTER,
    &everything::GROUP,
    &everything::PRODUCT,
    &expunge::OPERATION,
    &fhirpath::OPERATION,
    &find_list::OPERATION,
    &graph::OPERATION,
    &implements::OPERATION,
    &lastn::OPERATION,
    &meta::OPERATION,
    &meta_change::ADD,
    &meta_change::DELETE,
    &preferred_id::OPERATION,
    &purge::OPERATION,
    &snapshot::OPERATION,
    &stats::OPERATION,
    &subset::OPERATION,
    &terminology::BATCH_VALIDATE,
    &terminology::CLOSURE,
    &terminology::EXPAND,
    &terminology::LOOKUP,
    &terminology::RELATED,
    &terminology::SUBSUMES,
    &terminology::TRANSLATE,
    &terminology::VALIDATE_IN_CODE_SYSTEM,
    &terminology::VALIDATE_IN_VALUE_SET,
    &validate::OPERATION,
    &versions::OPERATION,
];

/// The routes of the operations: a line for each path and method, once for all operations that share a code.
///
/// Whether an operation is for the very type in the address, [`find`](super::find) says.
pub fn rows() -> &'static [Row] {
    static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
        let mut rows: Vec<Row> = Vec::new();
        for operation in TABLE {
            for (level, path) in paths(operation) {
                for method in ["GET", "POST"].into_iter().filter(|method| *method == "POST" || operation.by_get()) {
                    if !rows.iter().any(|row| row.path == path && row.method == method) {
                        rows.push(row(operation, level, method, path.clone()));
                    }
                }
            }
        }
        rows
    });
    &ROWS
}

fn row(operation: &'static Operation, level: Level, method: &'static str, path: String) -> Row {
    // Made once, and kept as long as the process lives: a route is for ever.
    let path = Box::leak(path.into_boxed_str());
    Row { interaction: Interaction::Operation, codes: &[], level, method, path, name: operation.code, doc: operation.doc }
}

/// The paths of an operation below the FHIR endpoint: `/{type}/{id}/$everything`.
fn paths(operation: &Operation) -> impl Iterator<Item = (Level, String)> {
    let code = operation.code;
    let all = [
        (operation.system, Level::System, format!("/${code}")),
        (operation.on_type, Level::Type, format!("/{{type}}/${code}")),
        (operation.on_instance, Level::Instance, format!("/{{type}}/{{id}}/${code}")),
        (operation.on_version, Level::Instance, format!("/{{type}}/{{id}}/_history/{{vid}}/${code}")),
    ];
    all.into_iter().filter(|(there, ..)| *there).map(|(_, level, path)| (level, path))
}
