//! `ward config show [--origin]`.

use fhir::{Object, Value, object};

use super::{Failure, Run};
use crate::cli::Config;

/// Prints every setting: its key, its value and, when asked, where it came from.
pub fn run(run: Run, Config::Show { origin }: Config) -> Result<(), Failure> {
    if run.json {
        let rows = run.settings.rows(&run.origins).map(|(setting, value, from)| {
            (setting.key, object! { "value": value, "origin": from.to_string(), "default": setting.default, "about": setting.doc.trim() })
        });
        print!("{}", fhir::json::pretty(&Value::Object(Object::from_iter(rows))));
        return Ok(());
    }
    for (setting, value, from) in run.settings.rows(&run.origins) {
        println!("#{}", setting.doc);
        let origin = if origin { format!("  # from: {from}") } else { String::new() };
        println!("{} = {}{origin}", setting.key, toml::Value::String(value));
    }
    Ok(())
}
