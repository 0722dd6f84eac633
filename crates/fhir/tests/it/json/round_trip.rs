//! What is written is read again, and the same.

use fhir::{Object, Value, json};

use crate::shared_data;
use published::Random;

#[test]
fn random_trees() {
    for seed in 0..3000 {
        let value = random_value(&mut Random::new(seed), 0);
        for text in [json::to_string(&value), json::pretty(&value)] {
            assert_eq!(json::parse(text.as_bytes()).as_ref(), Ok(&value), "seed {seed}: {text}");
        }
    }
}

fn random_value(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth > 5 { 4 } else { 6 }) {
        0 => Value::Null,
        1 => Value::Bool(random.below(2) == 0),
        2 => Value::Number(random.pick(&["0", "-1.50", "1e400", "12345678901234567890.0"]).into()),
        3 => random_text(random).into(),
        4 => Value::Array((0..random.below(4)).map(|_| random_value(random, depth + 1)).collect()),
        _ => {
            let mut object = Object::new();
            let most = random.pick(&[5, 5, 5, 5, 5, 60]);
            for _ in 0..random.below(most) {
                let name =
                    if random.below(2) == 0 { random.pick(&["birthDate", "_birthDate", "id"]).to_owned() } else { random_text(random) };
                object.set(name, random_value(random, depth + 1));
            }
            object.into()
        }
    }
}

fn random_text(random: &mut Random) -> String {
    let characters = ['a', 'Z', ' ', '"', '\\', '/', '\n', '\r', '\t', '\0', '\u{1F}', '\u{7F}', '\u{80}', 'é', '€', '\u{FFFF}', '😀'];
    let plain = random.below(20);
    (0..random.below(40)).map(|index| if index < plain { 'x' } else { random.pick(&characters) }).collect()
}

#[test]
fn every_special_character_at_every_place() {
    for length in 0..40 {
        for at in 0..length {
            for special in (0..0x20).chain([b'"', b'\\', 0x7F]) {
                let mut bytes = vec![b'a'; length];
                bytes[at] = special;
                let value = Value::from(String::from_utf8(bytes).expect("ASCII"));
                let text = json::to_string(&value);
                assert!(text.bytes().all(|byte| byte >= 0x20), "control characters are escaped: {text:?}");
                assert_eq!(json::parse(text.as_bytes()), Ok(value));
            }
        }
    }
}

#[test]
fn text_that_is_compact_is_written_as_it_was() {
    let text = r#"{"resourceType":"Observation","b":[1.0,1.00,-0,1E5],"a":{"_c":null},"é":"\"\\\n/","empty":[[],{}]}"#;
    assert_eq!(json::to_string(&json::parse(text.as_bytes()).expect("JSON")), text);
}

#[test]
fn pretty_text_is_indented() {
    let value = json::parse(br#"{"a":[1,{"b":[]}],"c":{}}"#).expect("JSON");
    assert_eq!(json::pretty(&value), "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {}\n}\n");
}

#[test]
fn official_examples() {
    let Some(data) = shared_data::data() else { return };
    let examples = shared_data::official_examples(&data);
    for example in &examples {
        let value = json::parse(&example.text).unwrap_or_else(|error| panic!("{}: {error}", example.name));
        let text = json::to_string(&value);
        assert_eq!(json::parse(text.as_bytes()).as_ref(), Ok(&value), "{}", example.name);
        assert_eq!(without_space(&example.text), without_space(text.as_bytes()), "{}", example.name);
    }
    println!("{} examples", examples.len());
    assert!(!examples.is_empty());
}

/// The text without white space between values; the escapes that a writer is free to choose resolved.
fn without_space(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text).replace("\\/", "/").replace("\\u00a0", "\u{a0}");
    let mut inside = false;
    let mut escaped = false;
    text.chars()
        .filter(|&character| {
            if inside {
                inside = escaped || character != '"';
                escaped = !escaped && character == '\\';
                return true;
            }
            inside = character == '"';
            !character.is_ascii_whitespace()
        })
        .collect()
}
