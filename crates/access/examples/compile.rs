//! Prints how long grants take: one of 50 rules made anew, those of the roles that Ward brings, one that is kept, and one under many consents.
//!
//! `cargo run --release -p access --example compile`

use std::sync::Arc;
use std::time::Instant;

use access::{Access, Policy, Principal, role};
use jiff::tz::TimeZone;
use search::{Live, Registry};
use store::memory::MemoryStore;

struct Noon;

impl store::contract::Clock for Noon {
    fn now(&self) -> i64 {
        NOW
    }
}

const NOW: i64 = 1_800_000_000_000;

/// Fifty rules of all kinds, about 10 types each.
fn fifty() -> Policy {
    let limits = [
        r#""criteria": "status=final""#,
        r#""criteria": "patient=%patient""#,
        r#""relations": ["care-team"]"#,
        r#""compartment": "%patient", "clearance": "R""#,
        r#""patients": "active=true", "purposes": ["TREAT"]"#,
    ];
    let types = r#""Observation", "DiagnosticReport", "Composition", "ClinicalImpression", "Procedure", "Immunization", "MedicationStatement", "Encounter", "Media", "QuestionnaireResponse""#;
    let rule = |index: usize| {
        let effect = if index % 10 == 9 { r#""effect": "deny", "#.to_owned() } else { String::new() };
        let limit = if effect.is_empty() { limits[index % limits.len()] } else { limits[0] };
        format!(r#"{{"name": "r{index}", {effect}"types": [{types}], "acts": ["read", "search"], {limit}}}"#)
    };
    let rules: Vec<String> = (0..50).map(rule).collect();
    let text = format!(r#"{{"name": "fifty", "description": "For a measurement.", "rules": [{}]}}"#, rules.join(", "));
    Policy::read(text.as_bytes(), &Registry::standard()).unwrap_or_else(|issues| panic!("{issues:?}"))
}

/// The median time of a task, in microseconds.
async fn median<F: Future<Output = ()>>(times: usize, mut task: impl FnMut(usize) -> F) -> f64 {
    let mut taken = Vec::with_capacity(times);
    for index in 0..times {
        let start = Instant::now();
        task(index).await;
        taken.push(start.elapsed().as_secs_f64() * 1e6);
    }
    taken.sort_by(f64::total_cmp);
    taken[times / 2]
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let parameters = Live::from(Registry::standard());
    let access = Access::new(Arc::new(MemoryStore::new(Arc::new(Noon))), parameters, TimeZone::UTC);
    let access = &access;
    let somebody = |role: &str, session: usize| {
        let patient = Some("p".into());
        Arc::new(Principal { session: session.to_string().into(), patient, purpose: Some("TREAT".into()), ..role::matrix::principal(role) })
    };
    let user = somebody("", 0);
    access.put_user(user.tenant, "somebody", vec![fifty()]);
    let made = median(101, |index| {
        let principal = somebody("", index + 1);
        async move { drop(access.grant(&principal, NOW).await.expect("a grant")) }
    });
    println!("50 rules, made anew: {:.2} ms", made.await / 1000.0);
    access.put_user(user.tenant, "somebody", Vec::new());
    for name in role::names() {
        let made = median(101, |index| {
            let principal = somebody(name, index);
            async move { drop(access.grant(&principal, NOW).await.expect("a grant")) }
        });
        println!("{name}, made anew: {:.2} ms", made.await / 1000.0);
    }
    let kept = somebody("physician", 0);
    let start = Instant::now();
    const TIMES: u32 = 1_000_000;
    for _ in 0..TIMES {
        std::hint::black_box(access.grant(&kept, NOW).await.expect("a grant"));
    }
    println!("kept: {:.0} ns", start.elapsed().as_secs_f64() * 1e9 / f64::from(TIMES));
}
