//! Page tokens.

use fhir::Issue;
use published::Random;
use search::page::{Checked, decode_page, encode_page};
use store::query::{Page, Place};

fn encode(page: &Page, of: u64) -> Option<String> {
    encode_page(page, of, &Checked)
}

fn decode(token: &str, of: u64, sorts: usize) -> Result<Page, Issue> {
    decode_page(token, of, sorts, &Checked)
}

fn page(random: &mut Random) -> Page {
    let mut key = || match random.number() % 4 {
        0 => None,
        length => Some((0..length * 7).map(|_| random.number() as u8).collect()),
    };
    let keys = vec![key(), key()];
    let place = Place { keys, resource: random.number() };
    if random.number().is_multiple_of(2) { Page::After(place) } else { Page::Before(place) }
}

fn token(page: &Page, of: u64) -> String {
    encode(page, of).expect("a page that is not the first")
}

#[test]
fn places_come_back() {
    let mut random = Random::new(42);
    for _ in 0..2000 {
        let (page, of) = (page(&mut random), random.number());
        let token = token(&page, of);
        assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'), "{token}");
        assert_eq!(decode(&token, of, 2), Ok(page));
    }
    let unsorted = Page::After(Place { keys: vec![Some(vec![1, 2, 3])], resource: 7 });
    assert_eq!(decode(&token(&unsorted, 5), 5, 0), Ok(unsorted));
    assert_eq!(encode(&Page::First, 5), None);
}

#[test]
fn another_search_is_refused() {
    let mut random = Random::new(7);
    let token = token(&page(&mut random), 1);
    assert_eq!(decode(&token, 2, 2).map_err(|issue| issue.number), Err(328));
    assert_eq!(decode(&token, 1, 3).map_err(|issue| issue.number), Err(328));
}

#[test]
fn damage_is_refused() {
    let mut random = Random::new(99);
    let mut tried = 0;
    for _ in 0..300 {
        let token = token(&page(&mut random), 1);
        for _ in 0..20 {
            let at = random.number() as usize % token.len();
            let mut letters = token.clone().into_bytes();
            match random.number() % 3 {
                0 => letters.truncate(at),
                1 => letters[at] = b"Az0-_!~"[random.number() as usize % 7],
                _ => letters.insert(at, b'Q'),
            }
            let damaged = String::from_utf8(letters).expect("ASCII");
            if damaged != token {
                assert_eq!(decode(&damaged, 1, 2).map_err(|issue| issue.number), Err(327), "{token} {damaged}");
                tried += 1;
            }
        }
    }
    assert!(tried > 5000);
    for text in ["", "A", "====", "äöü", "AQ", &"A".repeat(200_000)] {
        assert_eq!(decode(text, 1, 2).map_err(|issue| issue.number), Err(327));
    }
}

#[test]
fn a_place_is_the_page_after_it() {
    let place = Place { keys: vec![None], resource: 9 };
    let token = search::page::encode(&place, 3, &Checked);
    assert_eq!(decode(&token, 3, 0), Ok(Page::After(place.clone())));
    assert_eq!(search::page::decode(&token, 3, 0, &Checked), Ok(place.clone()));
    let before = encode(&Page::Before(place), 3).expect("a token");
    assert_eq!(search::page::decode(&before, 3, 0, &Checked).map_err(|issue| issue.number), Err(327));
}
