//! `ward key` and `ward hold`.

mod resealing;

use std::path::Path;

use super::{Failure, Run};
use crate::cli::{Hold, HoldOf, Key};
use crate::custody::control;
use crate::custody::order::{Answer, House, Order};
use crate::progress::Progress;
use crate::{custody, wiring};

/// Works on the keys of a data directory: by the server that holds it, or itself when none does.
pub fn run(run: Run, asked: Key) -> Result<(), Failure> {
    let (first, is_rotation) = match asked {
        Key::List => (Order::List, false),
        Key::Rotate { kek: true } => (Order::RotateKek, true),
        Key::Rotate { kek: false } => (Order::RotateTenant { tenant: run.tenant.clone() }, true),
        Key::Rewrap => (Order::Rewrap, false),
        Key::Reseal => return resealing::run(&run),
        Key::Retire => (Order::Retire, false),
        Key::Copy { folder } => return copy(&run, &folder),
    };
    let is_rewrap = first == Order::Rewrap;
    let answer = order(&run, first)?;
    show(&run, &answer);
    let mut left = answer.left;
    let total = left as u64;
    let mut progress = Progress::start("keys wrapped again");
    while left > 0 && (is_rotation || is_rewrap) {
        left = order(&run, Order::Rewrap)?.left;
        progress.show(total.saturating_sub(left as u64), total);
    }
    progress.clear();
    Ok(())
}

/// Works on legal holds.
pub fn hold(run: Run, asked: Hold) -> Result<(), Failure> {
    let tenant = run.tenant.clone();
    let answer = order(
        &run,
        match asked {
            Hold::Add(HoldOf { case, patient, .. }) => Order::Hold { tenant, patient: id(patient)?, case },
            Hold::Release(HoldOf { case, patient, .. }) => Order::Release { tenant, patient: id(patient)?, case },
            Hold::List { patient } => Order::Holds { tenant, patient: id(patient)? },
        },
    )?;
    show(&run, &answer);
    Ok(())
}

fn id(patient: Option<String>) -> Result<Option<String>, Failure> {
    match patient {
        Some(id) if !interaction::is_id(&id) => Err(Failure::usage("--patient takes the id of a Patient, without `Patient/`")),
        given => Ok(given),
    }
}

fn order(run: &Run, order: Order) -> Result<Answer, Failure> {
    if let Some(answer) = control::ask(&wiring::data_dir(&run.settings)?, &order)? {
        return Ok(answer);
    }
    wiring::with_both(&run.settings, async |server, engine| {
        House::open(&run.settings, server, engine)?.obey(order).await.map_err(Failure::failed)
    })
}

fn show(run: &Run, answer: &Answer) {
    if run.json {
        println!("{}", answer.facts);
    } else {
        answer.lines.iter().for_each(|line| println!("{line}"));
    }
}

fn copy(run: &Run, to: &Path) -> Result<(), Failure> {
    let folder = wiring::data_dir(&run.settings)?;
    store_embedded::folder::make(to).map_err(|error| Failure::failed(format!("{}: {error}", to.display())))?;
    custody::copies::all(&folder, to).map_err(|error| Failure::failed(error.to_string()))?;
    eprintln!("the keys and the list of erasures are in {}; keep the key-encryption key elsewhere", to.display());
    Ok(())
}
