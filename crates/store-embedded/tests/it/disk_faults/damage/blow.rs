//! What a disk may do to a file that nobody writes.

use std::path::Path;

use disk::PAGE_BYTES;
use disk::faults::Chance;

/// Damages a file, so that it differs, and says how.
pub(super) fn strike(file: &Path, chance: &mut Chance) -> String {
    let before = std::fs::read(file).expect("a file");
    if before.is_empty() {
        return "it is empty".to_owned();
    }
    let mut bytes = before.clone();
    let mut what = String::new();
    while bytes == before {
        what = once(&mut bytes, chance);
    }
    std::fs::write(file, bytes).expect("a file");
    what
}

fn once(bytes: &mut Vec<u8>, chance: &mut Chance) -> String {
    let size = bytes.len() as u64;
    let at = chance.below(size) as usize;
    match chance.below(10) {
        0..4 => {
            let bit = chance.below(8);
            bytes[at] ^= 1 << bit;
            format!("bit {bit} of byte {at} of {size} is flipped")
        }
        4 => {
            bytes[at] = chance.any() as u8;
            format!("byte {at} of {size} is another")
        }
        5 => {
            let first = at / 512 * 512;
            bytes.iter_mut().skip(first).take(512).for_each(|byte| *byte = 0);
            format!("the sector at {first} of {size} is zeros")
        }
        6 => {
            let first = at / 512 * 512;
            bytes.iter_mut().skip(first).take(512).for_each(|byte| *byte = chance.any() as u8);
            format!("the sector at {first} of {size} is something")
        }
        7 => {
            bytes.truncate(at);
            format!("it ends at {at} of {size}")
        }
        8 => {
            let (one, other) = (at / PAGE_BYTES * PAGE_BYTES, chance.below(size) as usize / PAGE_BYTES * PAGE_BYTES);
            let page: Vec<u8> = bytes.iter().copied().skip(one).take(PAGE_BYTES).collect();
            let end = (other + page.len()).min(bytes.len());
            let count = end - other;
            bytes[other..end].copy_from_slice(&page[..count]);
            format!("what is at {one} of {size} is at {other} as well")
        }
        _ => {
            let first = at / PAGE_BYTES * PAGE_BYTES;
            let end = (first + PAGE_BYTES).min(bytes.len());
            bytes.drain(first..end);
            format!("a page at {first} of {size} is missing, and what follows has moved up")
        }
    }
}
