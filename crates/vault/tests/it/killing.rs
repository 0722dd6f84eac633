//! A process that makes keys, rotates and wraps again, killed at any moment: the next one goes on, and everything that was acknowledged opens.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use vault::{Keyring, Sealer};

use crate::ring::{at, open, sealed_for};

/// Where the child works; it is no child when this is not set.
const PLACE: &str = "WARD_TEST_VAULT_PLACE";

/// How many times the child is killed.
const ROUNDS: u64 = 12;

/// The child: acknowledges each sealed form on its standard output once the key is durable.
#[test]
fn child() {
    let Ok(place) = std::env::var(PLACE) else { return };
    let ring = open(Path::new(&place), &[1, 2]).unwrap();
    let round = ring.len();
    let mut out = std::io::stdout();
    for number in 0.. {
        let id = format!("{round}-{number}");
        let form = sealed_for(&ring, &id);
        ring.sync().unwrap();
        let hex: String = form.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(out, "sealed {id} {hex}").unwrap();
        out.flush().unwrap();
        match number % 5 {
            0 => drop(ring.rotate_tenant(1).unwrap()),
            3 => erase(&ring, &format!("e{id}")),
            _ => drop(ring.rewrap(9).unwrap()),
        }
    }
}

fn erase(ring: &Keyring, id: &str) {
    let key = ring.begin_erasure(1, Some(&format!("Patient/{id}")), 1).unwrap();
    ring.finish_erasure(key).unwrap();
}

#[test]
fn killed_at_any_moment_nothing_acknowledged_is_lost() {
    let place = tempfile::tempdir().unwrap();
    let mut acknowledged = Vec::new();
    for round in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "killing::child", "--nocapture"])
            .env(PLACE, place.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // It dies after another number of lines each time, in the middle of whatever comes after the last of them.
        let wanted = 3 + round * 7 % 11;
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let sealed = lines.filter_map(|line| line.split_once("sealed ").map(|(_, rest)| rest.to_owned()));
        acknowledged.extend(sealed.take(wanted as usize));
        std::thread::sleep(std::time::Duration::from_micros(round * 371));
        child.kill().unwrap();
        child.wait().unwrap();
        let ring = open(place.path(), &[1, 2]).unwrap();
        for line in &acknowledged {
            let (id, hex) = line.split_once(' ').unwrap();
            let form: Vec<u8> = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
            assert_eq!(&*ring.open(&at(id, 1), &form).unwrap(), id.as_bytes(), "round {round}");
        }
        while ring.rewrap(50).unwrap().left > 0 {}
    }
    assert!(acknowledged.len() > 60, "{}", acknowledged.len());
    let ring = open(place.path(), &[1, 2]).unwrap();
    assert!(ring.erasures() > 5, "{}", ring.erasures());
    ring.raise_kek_minimum(2).unwrap();
}
