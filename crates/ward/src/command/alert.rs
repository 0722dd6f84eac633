//! `ward alert`.

use fhir::{Value, object};
use http::Method;

use super::counter;
use super::{Failure, Run};
use crate::cli::{self, Alert};

/// Works on what looked suspicious.
pub fn run(run: Run, at: cli::Counter, asked: Alert) -> Result<(), Failure> {
    counter::with(&run, at, async |counter| match asked {
        Alert::List { open } => {
            let only_open = [("open", "true")];
            let alerts = counter.list("/alerts", "alerts", if open { &only_open } else { &[] }).await?;
            if run.json {
                println!("{}", fhir::json::to_string(&Value::Array(alerts)));
            } else {
                alerts.iter().for_each(|alert| println!("{}", line(alert)));
            }
            Ok(())
        }
        Alert::Acknowledge { id, note } => {
            let path = format!("/alerts/{id}/acknowledgement");
            counter.ask(Method::POST, &path, &[], Some(object! { "note": note.as_str() })).await.map(drop)
        }
    })
}

/// An alert in a list.
fn line(alert: &Value) -> String {
    let text = |name: &str| alert.text(name).unwrap_or_default();
    let done = alert.get("acknowledged").and_then(|done| done.text("note")).map_or_else(String::new, |note| format!("  ({note})"));
    format!("{}  {}  {}  {}{done}", text("id"), text("at"), text("rule"), text("reason"))
}
