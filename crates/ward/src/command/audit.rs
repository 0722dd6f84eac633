//! `ward audit`.

use std::io::Write;

use audit::command::{checkpoint, csv, verify};
use audit::notary::{Folder, Witness};
use audit::report::{Order, Scope, report};
use fhir::primitive::Temporal;
use fhir::{Value, object};
use store::contract::Clock;

use super::{Failure, Run};
use crate::cli::{Audit, AuditReport};
use crate::trail::{self, Trail};
use crate::{clock, tenants, wiring};

/// How many lines of a report are read at once.
const LINES: u32 = 500;

/// Works on the audit trail of a data directory that no server holds.
pub fn run(run: Run, asked: Audit) -> Result<(), Failure> {
    let folder = wiring::data_dir(&run.settings)?;
    let signer = trail::signer(&folder)?;
    wiring::with_server(&run.settings, async |server| {
        let store = &*server.store;
        let tenant = tenants::named_in(&server.store, run.tenant.as_deref()).await?.tenant();
        match asked {
            Audit::Key => println!("{}", signer.verifier()),
            Audit::Verify { witness } => {
                let found = verify(store, &folder, tenant, &signer.verifier(), witness.as_deref()).await.map_err(failed)?;
                if run.json {
                    let findings = found.findings.iter().map(|finding| Value::from(format!("{:?}: {}", finding.wrong, finding.text)));
                    let answer = object! {
                        "sound": found.is_sound(),
                        "events": found.events,
                        "checkpoints": found.checkpoints,
                        "proven": found.proven,
                        "findings": Value::Array(findings.collect()),
                    };
                    println!("{}", fhir::json::to_string(&answer));
                } else {
                    println!("{found}");
                }
                if !found.is_sound() {
                    return Err(Failure::failed("the audit trail is not what was signed"));
                }
            }
            Audit::Restored => trail::restored(&run.settings, &folder, store).await?,
            Audit::Checkpoint => {
                let place = Some(&run.settings.audit_witness).filter(|place| !place.is_empty());
                let witnesses = place.map(|place| Box::new(Folder(place.into())) as Box<dyn Witness>).into_iter().collect();
                let now = clock::of_process().now();
                let made = checkpoint(store, &folder, tenant, signer, witnesses, now).await.map_err(failed)?;
                match made.checkpoint {
                    Some((checkpoint, _)) => println!("checkpoint {} over {} events", checkpoint.number, checkpoint.size),
                    None => println!("nothing came in since the last checkpoint"),
                }
                if let Some(why) = made.not_pushed.first() {
                    return Err(Failure::failed(format!("a witness did not take it: {why}")));
                }
            }
            Audit::Report(asked) => {
                let scope = scope(asked)?;
                // What was read last may still wait in the journal.
                let site = match run.settings.base_url.as_str() {
                    "" => format!("{}/fhir", wiring::site(&run.settings)),
                    given => given.trim_end_matches('/').to_owned(),
                };
                Trail::open(&run.settings, &server, &site)?.take_in(server.store.clone()).await?;
                let (mut place, registry) = (None, server.registry());
                let mut is_first = true;
                loop {
                    let page = report(store, &registry, tenant, &scope, (Order::default(), place), LINES).await;
                    let page = page.map_err(|error| Failure::failed(error.to_string()))?;
                    let written = std::io::stdout().write_all(csv(&page.lines, is_first).as_bytes());
                    written.map_err(|error| Failure::failed(format!("standard output: {error}")))?;
                    (place, is_first) = (page.next, false);
                    if place.is_none() {
                        break;
                    }
                }
            }
        }
        Ok(())
    })
}

fn scope(asked: AuditReport) -> Result<Scope, Failure> {
    let moment = |text: Option<String>| -> Result<Option<i64>, Failure> {
        let Some(text) = text else { return Ok(None) };
        let wrong = || Failure::usage(format!("{text:?} is no moment with its zone: write it as 2026-01-31T08:00:00Z"));
        let parsed = Temporal::parse(&text).filter(|moment| moment.offset_min.is_some()).ok_or_else(wrong)?;
        Ok(Some(parsed.first_ms()))
    };
    Ok(Scope { user: asked.user, patient: asked.patient, from: moment(asked.from)?, until: moment(asked.until)?, subtype: asked.action })
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::failed(error.to_string())
}
