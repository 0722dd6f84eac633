//! One random fault in a sound resource is refused, at the place of the fault.

use fhir::check::check;
use fhir::definitions::{BindingStrength, PrimitiveType, definitions};
use fhir::{Value, codes, json};

use super::sites::{Site, sites};
use crate::shared_data::{self, Document};
use published::Random;

const MUTATIONS_PER_EXAMPLE: usize = 40;

/// A fault: its name, and what it does to a resource. It returns the number and the place of the issue to expect, or
/// `None` when the site has nothing to break in this way.
type Fault = (&'static str, fn(&mut Value, &Site) -> Option<(u16, String)>);

const FAULTS: [Fault; 14] = [
    ("unknown name", unknown_name),
    ("null", null),
    ("empty array", empty_array),
    ("array around a single value", array_around),
    ("no array around a repeating value", no_array),
    ("empty object among the items", empty_item),
    ("text in place of an object", text_for_object),
    ("object in place of a primitive", object_for_primitive),
    ("empty text", empty_text),
    ("text of another form", bad_form),
    ("required element gone", required_gone),
    ("second type of a choice", second_choice),
    ("unknown code", unknown_code),
    ("reference to a type that there is not", unknown_target),
];

#[test]
fn a_single_fault_is_refused_where_it_is() {
    let Some(data) = shared_data::data() else { return };
    let seed = std::env::var("WARD_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_122);
    let mut random = Random::new(seed);
    let mut count = [0; FAULTS.len()];
    for Document { name, text } in shared_data::official_examples(&data) {
        let sound = json::parse(&text).expect("JSON");
        let sites = sites(&sound);
        if !check(&sound).is_empty() || sites.is_empty() || text.len() > 200_000 {
            continue;
        }
        for _ in 0..MUTATIONS_PER_EXAMPLE {
            let (fault, site) = (random.below(FAULTS.len()), &sites[random.below(sites.len())]);
            let mut faulty = sound.clone();
            let Some(expected) = FAULTS[fault].1(&mut faulty, site) else { continue };
            count[fault] += 1;
            let found: Vec<_> = check(&faulty).into_iter().map(|issue| (issue.number, issue.expression)).collect();
            let fault = FAULTS[fault].0;
            let place = &site.place;
            assert!(found.contains(&expected), "seed {seed}, {name}: {fault} at {place}: expected {expected:?}, found {found:?}");
        }
    }
    println!("tried: {} faults, by kind: {count:?}", count.iter().sum::<usize>());
    assert!(count.iter().all(|count| *count > 20), "some fault was hardly tried: {count:?}");
}

/// Pieces of resources put where they do not belong: whatever comes, there is a bounded answer.
#[test]
fn any_tree_is_judged() {
    let Some(data) = shared_data::data() else { return };
    let mut random = Random::new(7);
    let mut pieces: Vec<Value> = vec![Value::Null, "".into(), Value::Array(vec![]), fhir::Object::new().into()];
    let (mut count, mut refused) = (0, 0);
    for Document { text, .. } in shared_data::official_examples(&data).into_iter().filter(|document| document.text.len() < 50_000) {
        let mut resource = json::parse(&text).expect("JSON");
        for site in sites(&resource) {
            let Some(place) = site.value(&mut resource) else { continue };
            let piece = std::mem::replace(place, pieces[random.below(pieces.len())].clone());
            if pieces.len() < 2000 {
                pieces.push(piece);
            }
            // The siblings are broken as well: a name without its underscore, and with one.
            if random.below(8) == 0
                && let Some(value) = site.parent(&mut resource).and_then(|parent| parent.remove(&site.member))
                && let Some(parent) = site.parent(&mut resource)
            {
                parent.set(format!("_{}", site.member), value);
            }
            count += 1;
            if count % 16 == 0 {
                let issues = check(&resource);
                assert!(issues.len() <= fhir::check::MAX_ISSUES + 1);
                refused += usize::from(!issues.is_empty());
            }
        }
    }
    println!("tried: {count} misplaced pieces");
    assert!(count > 1000 && refused > count / 16 * 9 / 10, "{refused} of {count} / 16 were refused");
}

fn expect(number: u16, place: &str) -> Option<(u16, String)> {
    Some((number, place.to_owned()))
}

fn unknown_name(resource: &mut Value, site: &Site) -> Option<(u16, String)> {
    let value = site.parent(resource)?.remove(&site.member)?;
    site.parent(resource)?.set(format!("{}Zz", site.member), value);
    expect(codes::ELEMENT_UNKNOWN, &format!("{}.{}Zz", site.parent_place, site.member))
}

fn null(resource: &mut Value, site: &Site) -> Option<(u16, String)> {
    *site.value(resource)? = Value::Null;
    expect(codes::NULL, &site.place)
}

fn empty_array(resource: &mut Value, site: &Site) -> Option<(u16, String)> {
    let Value::Array(items) = site.value(resource)? else { return None };
    items.clear();
    expect(codes::EMPTY, &site.place)
}

fn array_around(resource: &mut Value, site: &Site) -> Option<(u16, String)> {
    let value = site.value(resource).filter(|value| !matches!(value, Value::Array(_)))?;
    *value = Value::Array(vec![value.clone()]);
    expect(codes::ARRAY_UNEXPECTED, &site.place)
}

fn no_array(resource: &mut Value, site: &Site) -> Option<(u16, String)> {
    let value = site.value(resource)?;
    *value = value.as_array()?.iter().find(|item| **item != Value::Null)?.clone();
    expect(codes::ARRAY_EXPECTED, &site.place)
}

fn empty_item(resource: &mut Value, site: &Site) -> Option<(u16, String)> {
    let Value::Array(items) = site.value(resource).filter(|_| site.primitive().is_none())? else { return None };
    items.push(fhir::Object::new().into());
    // An empty resource lacks its type, and an empty object of another type is empty.
    expect(codes::EMPTY, &format!("{}[{}]", site.place, items.len() - 1))
}

fn text_for_object(resource: &mut Value, site: &Site) -> Option<(u16, String)> {
    let value = site.value(resource).filter(|_| site.primitive().is_none())?;
    let Value::Array(items) = value else {
        *value = "text".into();
        return expect(codes::WRONG_KIND, &site.place);
    };
    items[0] = "text".into();
    expect(codes::WRONG_KIND, &format!("{}[0]", site.place))
}

fn object_for_primitive(resource: &mut Value, site: &Site) -> Option<(u16, String)> {
    site.primitive()?;
    let (value, place) = site.first(resource)?;
    *value = fhir::object! { "value": "text" };
    expect(codes::WRONG_KIND, &place)
}

fn empty_text(resource: &mut Value, site: &Site) -> Option<(u16, String)> {
    site.primitive()?;
    let (value, place) = site.first(resource)?;
    let is_text = value.as_str().is_some();
    *value = "".into();
    expect(if is_text { codes::EMPTY } else { codes::WRONG_KIND }, &place)
}

fn bad_form(resource: &mut Value, site: &Site) -> Option<(u16, String)> {
    let bad = match site.primitive()? {
        PrimitiveType::Boolean => return None,
        PrimitiveType::Date | PrimitiveType::DateTime | PrimitiveType::Instant => "2023-02-29",
        PrimitiveType::Time => "24:00:00",
        PrimitiveType::Decimal | PrimitiveType::Integer | PrimitiveType::PositiveInt | PrimitiveType::UnsignedInt => "1.",
        PrimitiveType::String | PrimitiveType::Markdown => "\u{7}",
        PrimitiveType::Xhtml => "<p>text</p>",
        _ => "a  b",
    };
    let (value, place) = site.first(resource)?;
    *value = if value.as_number().is_some() { Value::Number(bad.into()) } else { bad.into() };
    expect(codes::PRIMITIVE_FORM, &place)
}

fn required_gone(resource: &mut Value, site: &Site) -> Option<(u16, String)> {
    if site.element.min == 0 {
        return None;
    }
    let parent = site.parent(resource)?;
    parent.remove(&site.member)?;
    parent.remove(&format!("_{}", site.member));
    // An object that has lost its last member is empty, and that is said instead.
    let is_empty = parent.is_empty();
    expect(if is_empty { codes::EMPTY } else { codes::ELEMENT_MISSING }, &site.parent_place)
}

fn second_choice(resource: &mut Value, site: &Site) -> Option<(u16, String)> {
    let other = site.element.types.iter().find(|kind| kind.member != site.member).filter(|_| site.element.is_choice)?;
    site.parent(resource)?.set(other.member, Value::from("2020"));
    expect(codes::CHOICE_TWICE, &site.place)
}

fn unknown_code(resource: &mut Value, site: &Site) -> Option<(u16, String)> {
    let binding = site.element.binding.as_ref().filter(|binding| binding.strength == BindingStrength::Required)?;
    definitions().required_codes(binding)?;
    if site.primitive()? != PrimitiveType::Code {
        return None;
    }
    let (value, place) = site.first(resource)?;
    *value = "no-such-code".into();
    expect(codes::CODE_UNKNOWN, &place)
}

fn unknown_target(resource: &mut Value, site: &Site) -> Option<(u16, String)> {
    if site.type_of().name != "Reference" {
        return None;
    }
    let (value, place) = site.first(resource)?;
    value.as_object_mut()?.set("reference", "Nothing/1");
    expect(codes::REFERENCE_FORM, &format!("{place}.reference"))
}
