//! Whoever gets at the rows, the leaves, the checkpoints or their order is found out, and mostly by name.

use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use audit::checkpoint::{Checkpoint, Signer, hash};
use audit::merkle::{self, Frontier};
use audit::notary::{Folder, Notary, log_path, read_log, tree_path};
use audit::tree::LeafFile;
use audit::verify::{Evidence, Report, Wrong, verify};
use store::query::{Content, Version};

use crate::notary::{audit, signer};
use crate::replica::Replica;
use crate::sample::{NOON, TENANT, observation, store, write};

const EDITS: u32 = 1000;
/// Where the random edits begin.
const SEED: u64 = 0x5EED_0A0D;

/// A store with its evidence, to be edited.
struct Case {
    store: Replica,
    own: Vec<String>,
    witnessed: Vec<String>,
    folder: tempfile::TempDir,
}

impl Case {
    async fn new() -> Self {
        let (folder, store) = (tempfile::tempdir().unwrap(), store());
        let witness = folder.path().join("witness");
        std::fs::create_dir(&witness).unwrap();
        let mut notary = Notary::open(folder.path(), TENANT, signer(), vec![Box::new(Folder(witness.clone()))]).unwrap();
        let mut first = 0;
        for round in 0..8_usize {
            let counts = [3, 1, 0, 1 + round % 4];
            audit(&store, &counts, first).await;
            first += counts.iter().sum::<usize>();
            write(&*store, vec![observation(&format!("o{round}"), "p1")]).await;
            notary.checkpoint(&*store, NOON + round as i64 * 60_000).await.unwrap();
        }
        let own = read_log(&log_path(folder.path(), TENANT)).unwrap();
        let witnessed = std::fs::read_dir(&witness).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
        Self { store: Replica::of(&*store, TENANT).await, own, witnessed, folder }
    }

    fn tree(&self) -> PathBuf {
        tree_path(self.folder.path(), TENANT)
    }

    async fn report(&self) -> Report {
        let file = LeafFile::read(&self.tree(), TENANT).ok();
        let verifier = signer().verifier();
        let evidence =
            Evidence { tenant: TENANT, verifier: &verifier, checkpoints: &self.own, witnessed: &self.witnessed, leaves: file.as_ref() };
        let mut report = verify(&self.store, &evidence).await.unwrap();
        if file.is_none() {
            let text = "the file cannot be read".to_owned();
            report.findings.push(audit::verify::Finding { wrong: Wrong::DamagedLeaves, place: None, event: None, text });
        }
        report
    }

    /// The places of all AuditEvents: commit, and version in it.
    fn places(&self) -> Vec<(usize, usize)> {
        let all = self.store.changes.iter().enumerate().flat_map(|(commit, change)| {
            let events = change.versions.iter().enumerate().filter(|(_, (key, _, _))| key.kind.name() == "AuditEvent");
            events.map(move |(index, _)| (commit, index)).collect::<Vec<_>>()
        });
        all.collect()
    }

    fn version(&mut self, (commit, index): (usize, usize)) -> &mut Version {
        let (key, version, _) = self.store.changes[commit].versions[index].clone();
        self.store.versions.get_mut(&(key, version)).unwrap()
    }

    fn alter(&mut self, place: (usize, usize), random: &mut Random) {
        let version = self.version(place);
        let mut text = version.text().unwrap().to_vec();
        let at = random.below(text.len());
        text[at] ^= 1 << random.below(8);
        version.content = Content::Resource { text: text.into(), created: true };
    }

    /// The leaves as they would be, were the store the truth.
    fn made_anew(&mut self) -> Vec<(merkle::Hash, u64)> {
        let places = self.places();
        places.into_iter().map(|at| (merkle::leaf(self.version(at).text().unwrap()), self.store.changes[at.0].sequence)).collect()
    }

    /// Writes the leaves anew, so that they agree with the store.
    fn rewrite_leaves(&mut self) {
        let leaves = self.made_anew();
        let rows = leaves.iter().flat_map(|(hash, sequence)| [&hash[..], &sequence.to_le_bytes()].concat()).collect::<Vec<u8>>();
        let file = std::fs::OpenOptions::new().write(true).open(self.tree()).unwrap();
        file.set_len(24).unwrap();
        file.write_all_at(&rows, 24).unwrap();
    }

    /// Signs all checkpoints anew, so that they agree with the store.
    fn sign_anew(&mut self, signer: &Signer) {
        let leaves = self.made_anew();
        let mut previous = merkle::Hash::default();
        for note in &mut self.own {
            let mut checkpoint = Checkpoint::open(note, &crate::notary::signer().verifier()).unwrap();
            let mut frontier = Frontier::default();
            leaves.iter().take(checkpoint.size as usize).for_each(|(hash, _)| frontier.push(*hash));
            (checkpoint.root, checkpoint.previous, checkpoint.size) = (frontier.root(), previous, frontier.size());
            *note = checkpoint.sign(signer);
            previous = hash(note);
        }
    }
}

/// Random numbers that are the same each time (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// Two different ones.
    fn two<T: Copy>(&mut self, from: &[T]) -> (T, T) {
        let (first, offset) = (self.below(from.len()), 1 + self.below(from.len() - 1));
        (from[first], from[(first + offset) % from.len()])
    }
}

fn edit(case: &mut Case, kind: u32, random: &mut Random) {
    let places = case.places();
    let place = random.pick(&places);
    let note = random.below(case.own.len());
    match kind {
        0 => case.alter(place, random),
        1 => {
            case.store.changes[place.0].versions.remove(place.1);
        }
        2 => {
            let copied = case.store.changes[place.0].versions[place.1].clone();
            let to = random.pick(&places);
            case.store.changes[to.0].versions.insert(to.1, copied);
        }
        3 => {
            let (one, other) = random.two(&places);
            let moved = case.store.changes[one.0].versions[one.1].clone();
            let back = std::mem::replace(&mut case.store.changes[other.0].versions[other.1], moved);
            case.store.changes[one.0].versions[one.1] = back;
        }
        4 => {
            let mut commits: Vec<usize> = places.iter().map(|(commit, _)| *commit).collect();
            commits.dedup();
            let (one, other) = random.two(&commits);
            case.store.changes.swap(one, other);
        }
        5 => case.store.changes.truncate(place.0),
        6 => {
            case.alter(place, random);
            case.rewrite_leaves();
        }
        7 => {
            let mut bytes = case.own[note].clone().into_bytes();
            let at = random.below(bytes.len());
            bytes[at] ^= 1 << random.below(8);
            case.own[note] = String::from_utf8_lossy(&bytes).into_owned();
        }
        8 => {
            case.own.remove(note);
        }
        9 => {
            let (one, other) = random.two(&(0..case.own.len()).collect::<Vec<_>>());
            case.own.swap(one, other);
        }
        10 => {
            let copied = case.own[note].clone();
            let at = random.below(case.own.len() + 1);
            case.own.insert(at, copied);
        }
        11 => case.own.truncate(note),
        12 => {
            let mut bytes = std::fs::read(case.tree()).unwrap();
            let at = random.below(bytes.len());
            bytes[at] ^= 1 << random.below(8);
            std::fs::write(case.tree(), bytes).unwrap();
        }
        13 => {
            let (key, version, _) = case.store.changes[place.0].versions[place.1].clone();
            let deletion = Version { key: key.clone(), version: version + 1, last_updated: NOON, content: Content::Deleted };
            case.store.versions.insert((key.clone(), version + 1), deletion);
            let to = random.pick(&places).0;
            case.store.changes[to].versions.push((key, version + 1, true));
        }
        14 => {
            let at = random.below(case.witnessed.len());
            case.witnessed[at] = case.witnessed[at].replacen("hospital", "hospitel", 1);
        }
        15 => {
            case.alter(place, random);
            case.rewrite_leaves();
            case.sign_anew(&Signer::new("hospital.example", &[9; 32]).unwrap());
        }
        16 => {
            // Somebody who has the key, too: the witnesses have what they had.
            case.alter(place, random);
            case.rewrite_leaves();
            case.sign_anew(&signer());
        }
        _ => {
            case.store.changes[place.0].versions.remove(place.1);
            case.rewrite_leaves();
            case.sign_anew(&signer());
        }
    }
}

const KINDS: u32 = 18;

#[tokio::test]
async fn nothing_is_found_where_nothing_was_edited() {
    let case = Case::new().await;
    let report = case.report().await;
    assert!(report.is_sound(), "{report}");
    assert_eq!((report.events, report.proven, report.checkpoints), (52, 52, 8));
    assert_eq!(report.to_string(), "nothing was altered: 52 events, 8 checkpoints; 52 events are proven");
}

#[tokio::test]
async fn a_thousand_random_edits_are_all_found() {
    let mut random = Random(SEED);
    let original = Case::new().await;
    let tree = std::fs::read(original.tree()).unwrap();
    for number in 0..EDITS {
        let kind = number % KINDS;
        let mut case = Case {
            store: original.store.clone(),
            own: original.own.clone(),
            witnessed: original.witnessed.clone(),
            folder: tempfile::tempdir().unwrap(),
        };
        std::fs::write(case.tree(), &tree).unwrap();
        edit(&mut case, kind, &mut random);
        let report = case.report().await;
        assert!(!report.is_sound(), "edit {number} of kind {kind} was not found");
        let wrongs: Vec<Wrong> = report.findings.iter().map(|finding| finding.wrong).collect();
        let expected: &[Wrong] = match kind {
            0 => &[Wrong::Altered, Wrong::Forked],
            1 => &[Wrong::Removed],
            3 | 4 => &[Wrong::Reordered, Wrong::Forked],
            5 => &[Wrong::Removed, Wrong::Truncated],
            6 => &[Wrong::Forked, Wrong::DamagedLeaves],
            7 | 15 => &[Wrong::BadCheckpoint],
            8..=11 => &[Wrong::DisorderedCheckpoints],
            12 => &[Wrong::DamagedLeaves],
            13 => &[Wrong::Superseded],
            14 => &[Wrong::BadCheckpoint],
            16 => &[Wrong::DisorderedCheckpoints],
            _ => &[],
        };
        for wrong in expected {
            // A hash that was altered in the leaves is told as an event that was.
            let is_told = wrongs.contains(wrong) || (kind == 12 && (wrongs.contains(&Wrong::Altered) || wrongs.contains(&Wrong::Removed)));
            assert!(is_told, "edit {number} of kind {kind}: {wrongs:?} lacks {wrong:?}");
        }
    }
}

#[tokio::test]
async fn the_event_that_was_altered_is_named() {
    let mut case = Case::new().await;
    let place = case.places()[20];
    let key = case.store.changes[place.0].versions[place.1].0.clone();
    case.alter(place, &mut Random(7));
    let report = case.report().await;
    let altered: Vec<_> = report.findings.iter().filter(|finding| finding.wrong == Wrong::Altered).collect();
    assert_eq!(altered.len(), 1);
    assert_eq!((altered[0].place, altered[0].event.as_ref()), (Some(20), Some(&key)));
    assert!(report.proven <= 20, "what comes before it is proven still: {}", report.proven);
}

#[tokio::test]
async fn without_the_leaves_it_is_known_between_which_checkpoints_it_was() {
    let mut case = Case::new().await;
    let place = case.places()[20];
    case.alter(place, &mut Random(7));
    std::fs::remove_file(case.tree()).unwrap();
    let report = case.report().await;
    let forked = report.findings.iter().find(|finding| finding.wrong == Wrong::Forked).unwrap();
    assert!(forked.place.unwrap() <= 20);
}

#[tokio::test]
async fn a_checkpoint_that_is_signed_anew_does_not_fit_the_next() {
    let mut case = Case::new().await;
    case.witnessed.clear();
    let third = Checkpoint::open(&case.own[2], &signer().verifier()).unwrap();
    case.own[2] = Checkpoint { at: third.at + 1, ..third }.sign(&signer());
    let report = case.report().await;
    let wrongs: Vec<_> = report.findings.iter().map(|finding| (finding.wrong, finding.place)).collect();
    assert_eq!(wrongs, [(Wrong::DisorderedCheckpoints, Some(3))]);
}

#[tokio::test]
async fn what_came_in_since_is_no_finding() {
    let mut case = Case::new().await;
    let newer = store();
    audit(&newer, &[2], 1000).await;
    let replica = Replica::of(&*newer, TENANT).await;
    let last = case.store.changes.last().unwrap().sequence;
    let mut change = replica.changes[0].clone();
    change.sequence = last + 1;
    case.store.changes.push(change);
    case.store.versions.extend(replica.versions);
    let report = case.report().await;
    assert!(report.is_sound(), "{report}");
    assert_eq!((report.events, report.proven), (54, 52));
}
