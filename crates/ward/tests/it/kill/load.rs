//! Writers that send operations until the connection breaks, each with resources of its own.

use std::collections::BTreeSet;

use witness::{Dice, Effect, Keeper, Outcome, Raw};

use super::request::Request;
use crate::http;

/// Lets `writers` write while `meanwhile` goes on, and until no answer comes any more: that is when the server is killed, or when it must be soon. Each goes on
/// with the resources that are its own in `raw`.
pub(super) fn run(keeper: &Keeper, address: &str, round: u64, writers: u64, raw: &Raw, dice: &mut Dice, meanwhile: impl FnOnce()) {
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for writer in 0..writers {
            let own = own(raw, writer);
            let (dice, stop) = (Dice::new(dice.below(u64::MAX)), &stop);
            scope.spawn(move || write(keeper, address, &format!("w{writer}r{round}"), own, dice, stop));
        }
        meanwhile();
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

/// The Patients of a writer that are there.
fn own(raw: &Raw, writer: u64) -> BTreeSet<String> {
    let beginning = format!("Patient/w{writer}r");
    raw.current(1).into_keys().filter(|key| key.starts_with(&beginning)).collect()
}

/// Writes until no answer comes.
fn write(keeper: &Keeper, address: &str, names: &str, mut own: BTreeSet<String>, mut dice: Dice, stop: &std::sync::atomic::AtomicBool) {
    for number in 0.. {
        if stop.load(std::sync::atomic::Ordering::Relaxed) {
            return;
        }
        let name = format!("{names}n{number}");
        let there: Vec<String> = own.iter().cloned().collect();
        let request = Request::next(&name, &name, &there, &mut dice);
        keeper.sent(&name, &request.effects);
        let answer = http::try_send(address, request.method, &request.path, &request.sent_headers(), request.body.as_bytes());
        match answer {
            Some(answer) if answer.status < 300 => {
                assert!(!request.is_refused, "{name} must be refused and was not");
                keeper.ended(&name, Outcome::Done);
            }
            Some(answer) if answer.status == 412 && request.is_refused => {
                keeper.ended(&name, Outcome::Refused);
                continue;
            }
            // A server that shuts down may say so, or break the connection.
            Some(answer) if answer.status == 503 => return,
            Some(answer) => panic!("{name}: {} {}: {}", request.method, answer.status, String::from_utf8_lossy(&answer.body)),
            None => return,
        }
        for effect in &request.effects {
            match effect {
                Effect::Written(key, _) => drop(own.insert(key.clone())),
                Effect::Deleted(key) => drop(own.remove(key)),
                Effect::Created(_) => {}
            }
        }
    }
}
