//! `ward key reseal`.

use std::time::{Duration, Instant};

use super::{Failure, Run};
use crate::custody::control;
use crate::custody::order::{Answer, House, Order};
use crate::progress::Progress;
use crate::wiring;

/// How long is waited between two steps at most.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How far it is.
struct Resealing {
    progress: Progress,
    after: u64,
    done: u64,
    /// The last row when it began: what is written meanwhile is sealed with the newest keys.
    end: Option<u64>,
}

/// Seals anew the bodies that are there now: by the server that holds the data directory, which gets at least as much time for others, or itself when none does.
pub fn run(run: &Run) -> Result<(), Failure> {
    let folder = wiring::data_dir(&run.settings)?;
    let mut resealing = Resealing { progress: Progress::start("rows looked at"), after: 0, done: 0, end: None };
    loop {
        let begin = Instant::now();
        let Some(answer) = control::ask(&folder, &resealing.order())? else { break alone(run, &mut resealing)? };
        if resealing.is_done_with(&answer) {
            break;
        }
        std::thread::sleep(begin.elapsed().min(LONGEST_PAUSE));
    }
    resealing.progress.clear();
    match run.json {
        true => println!("{}", serde_json::json!({ "done": resealing.done })),
        false => println!("{} bodies sealed anew", resealing.done),
    }
    Ok(())
}

/// The same on a data directory that no server holds, or none any more.
fn alone(run: &Run, resealing: &mut Resealing) -> Result<(), Failure> {
    wiring::with_both(&run.settings, async |server, engine| {
        let house = House::open(&run.settings, server, engine)?;
        while !resealing.is_done_with(&house.obey(resealing.order()).await.map_err(Failure::failed)?) {}
        Ok(())
    })
}

impl Resealing {
    fn order(&self) -> Order {
        Order::Reseal { after: self.after }
    }

    /// Takes in what was done, and says whether that was all.
    fn is_done_with(&mut self, answer: &Answer) -> bool {
        let fact = |name: &str| answer.facts[name].as_u64().unwrap_or_default();
        self.after = fact("through");
        self.done += fact("done");
        let end = *self.end.get_or_insert(self.after + fact("left"));
        self.progress.show(self.after.min(end), end);
        self.after >= end
    }
}
