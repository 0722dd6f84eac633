//! Checkpoints: the notes that others publish, and that no byte of one can be changed.

use audit::checkpoint::{Checkpoint, NoteError, Signer, Verifier, hash, split};

use crate::sample::NOON;

/// The example of Go's `golang.org/x/mod/sumdb/note`.
const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PRIVATE_KEY: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const TEXT: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const LINE: &str = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";

fn checkpoint() -> Checkpoint {
    Checkpoint {
        origin: "hospital.example/tenant/1".into(),
        size: 20_852_163,
        root: [7; 32],
        number: 3,
        previous: hash("x"),
        at: NOON,
        restored_from: None,
    }
}

#[test]
fn a_published_note_is_signed_and_verified_the_same() {
    let signer = Signer::parse(PRIVATE_KEY).unwrap();
    assert_eq!(signer.verifier().to_string(), KEY);
    assert_eq!(signer.sign_line(TEXT.as_bytes()), LINE);
    let verifier = Verifier::parse(KEY).unwrap();
    assert_eq!(verifier.verify(TEXT.as_bytes(), &format!("{LINE}\n")), Ok(()));
    assert_eq!(verifier.verify(b"If you think", &format!("{LINE}\n")), Err(NoteError::WrongSignature));
}

#[test]
fn a_checkpoint_has_the_form_that_others_read() {
    let note = checkpoint().sign(&Signer::parse(PRIVATE_KEY).unwrap());
    let lines: Vec<&str> = note.lines().collect();
    assert_eq!(lines[..3], ["hospital.example/tenant/1", "20852163", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="]);
    assert_eq!((lines[3], lines[5], lines[6]), ("number 3", "at 2026-11-22T12:00:00.000Z", ""));
    assert!(lines[7].starts_with("\u{2014} PeterNeumann x08go"));
    assert_eq!(Checkpoint::open(&note, &Verifier::parse(KEY).unwrap()), Ok(checkpoint()));
    let witnessed = format!("{note}\u{2014} witness.example {}\n", "AAAAAAAA");
    assert_eq!(Checkpoint::open(&witnessed, &Verifier::parse(KEY).unwrap()), Ok(checkpoint()), "others may sign it too");
}

#[test]
fn no_bit_of_a_checkpoint_can_be_changed() {
    let verifier = Verifier::parse(KEY).unwrap();
    let note = checkpoint().sign(&Signer::parse(PRIVATE_KEY).unwrap()).into_bytes();
    for place in 0..note.len() {
        for bit in 0..8 {
            let mut bytes = note.clone();
            bytes[place] ^= 1 << bit;
            let text = String::from_utf8_lossy(&bytes);
            assert!(Checkpoint::open(&text, &verifier).is_err(), "bit {bit} of byte {place}");
        }
        let cut = String::from_utf8_lossy(&note[..place]);
        assert!(Checkpoint::open(&cut, &verifier).is_err(), "cut at {place}");
    }
}

/// The last letter of a signature has bits that mean nothing.
#[test]
fn a_signature_is_written_in_one_way() {
    let verifier = Verifier::parse(KEY).unwrap();
    let note = checkpoint().sign(&Signer::parse(PRIVATE_KEY).unwrap());
    let at = note.rfind('=').unwrap() - 1;
    let letters = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/']);
    let accepted = letters.filter(|letter| Checkpoint::open(&format!("{}{letter}{}", &note[..at], &note[at + 1..]), &verifier).is_ok());
    assert_eq!(accepted.count(), 1);
}

#[test]
fn another_key_is_not_this_one() {
    let note = checkpoint().sign(&Signer::new("PeterNeumann", &[9; 32]).unwrap());
    assert_eq!(Checkpoint::open(&note, &Verifier::parse(KEY).unwrap()), Err(NoteError::Unsigned));
    for bad in [
        "",
        "a+b",
        "a+c74f20a3+AAAA",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ] {
        assert!(Verifier::parse(bad).is_err(), "{bad}");
        assert!(Signer::parse(bad).is_err(), "{bad}");
    }
    assert!(Signer::new("two words", &[9; 32]).is_err());
}

#[test]
fn a_file_of_checkpoints_is_split_where_they_end() {
    let signer = Signer::parse(PRIVATE_KEY).unwrap();
    let notes: Vec<String> = (1..4).map(|number| Checkpoint { number, ..checkpoint() }.sign(&signer)).collect();
    let text: String = notes.iter().map(|note| format!("{note}\n")).collect();
    assert_eq!(split(&text), notes);
    assert_eq!(split(""), [""; 0]);
    assert_eq!(split(&text[..text.len() - 30]).len(), 3);
    assert!(split(&"\n".repeat(1000)).len() <= 1000);
}
