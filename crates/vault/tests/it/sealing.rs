//! Sealing for a place: it opens there, and nowhere else.

use vault::{Context, MOST_PART_BYTES, OneKey, Sealer, Secret, VaultError, sealed};

const HERE: Context<'static> = Context { tenant: 7, kind: "user", id: "42", path: "totp", version: 3 };

fn sealer() -> OneKey {
    OneKey::new(&Secret::new(&[9; 32])).unwrap()
}

#[test]
fn what_is_sealed_opens_at_its_place_and_nowhere_else() {
    let sealer = sealer();
    let form = sealer.seal(&HERE, b"a secret").unwrap();
    assert_eq!(form.len(), "a secret".len() + sealed::OVERHEAD_BYTES);
    assert_eq!(&*sealer.open(&HERE, &form).unwrap(), b"a secret");
    let elsewhere = [
        Context { tenant: 8, ..HERE },
        Context { kind: "client", ..HERE },
        Context { id: "43", ..HERE },
        Context { path: "recovery", ..HERE },
        Context { version: 4, ..HERE },
        // The same letters, divided otherwise.
        Context { kind: "user4", id: "2", ..HERE },
        Context { id: "42totp", path: "", ..HERE },
    ];
    for place in elsewhere {
        assert_eq!(sealer.open(&place, &form), Err(VaultError::SealBroken), "{place:?}");
    }
}

#[test]
fn every_bit_of_the_form_counts() {
    let sealer = sealer();
    let form = sealer.seal(&HERE, b"x").unwrap();
    for bit in 0..form.len() * 8 {
        let mut altered = form.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        let error = sealer.open(&HERE, &altered).expect_err("an altered form");
        assert!(matches!(error, VaultError::SealBroken | VaultError::UnknownKey), "bit {bit}: {error}");
    }
    for length in 0..form.len() {
        assert_eq!(sealer.open(&HERE, &form[..length]), Err(VaultError::SealBroken), "{length} bytes");
    }
}

#[test]
fn the_same_content_is_sealed_otherwise_each_time() {
    let sealer = sealer();
    let forms: std::collections::HashSet<_> = (0..100).map(|_| sealer.seal(&HERE, b"same").unwrap()).collect();
    assert_eq!(forms.len(), 100);
}

#[test]
fn another_key_does_not_open_it() {
    let form = sealer().seal(&HERE, b"a secret").unwrap();
    assert_eq!(OneKey::random().unwrap().open(&HERE, &form), Err(VaultError::SealBroken));
}

#[test]
fn nothing_in_clear_is_in_a_form_an_error_or_a_debug() {
    let sealer = sealer();
    let form = sealer.seal(&HERE, b"canary-in-the-mine").unwrap();
    assert!(!form.windows(6).any(|window| window == b"canary"));
    let opened = sealer.open(&HERE, &form).unwrap();
    assert_eq!(format!("{opened:?} {:?}", Secret::new(&[0x41; 32])), "Opened(18 bytes) Secret");
}

#[test]
fn a_part_of_a_context_that_is_too_long_is_refused() {
    let long = "x".repeat(MOST_PART_BYTES + 1);
    let error = sealer().seal(&Context { path: &long, ..HERE }, b"");
    assert_eq!(error, Err(VaultError::TooLong("the path of a context")));
    let longest = "x".repeat(MOST_PART_BYTES);
    assert!(sealer().seal(&Context { path: &longest, ..HERE }, b"").is_ok());
}

#[test]
fn keyed_hashes_are_equal_for_equal_values_of_a_tenants_field_alone() {
    let sealer = sealer();
    let hash = sealer.keyed_hash(1, "ssn", b"123").unwrap();
    assert_eq!(sealer.keyed_hash(1, "ssn", b"123").unwrap(), hash);
    for (tenant, field, value) in [(2, "ssn", "123"), (1, "mrn", "123"), (1, "ssn", "124"), (1, "ssn1", "23")] {
        assert_ne!(sealer.keyed_hash(tenant, field, value.as_bytes()).unwrap(), hash, "{tenant} {field} {value}");
    }
    assert_ne!(OneKey::random().unwrap().keyed_hash(1, "ssn", b"123").unwrap(), hash);
}
