//! Events made by a form are those that are made one by one: the same text, and found by the same.

use std::sync::Arc;

use access::Principal;
use audit::happening::INTERACTIONS;
use audit::{Entity, Forms, Happening, Outcome, What};
use search::Registry;
use store::commit::{Key, Put};

use crate::sample::{NOON, ada, ada_in_an_emergency, kind, read, scribe, service};

/// What comes after a number, so that each run is the same (Knuth's constants of a linear congruential generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Ids as they may be, and some that no resource has.
const IDS: [&str; 9] = [
    "1",
    "p1",
    "A-b.9",
    "0d9a3b52-6a86-4d3c-9d1c-7a1f6c1f0a11",
    "0123456789012345678901234567890123456789012345678901234567890123",
    "01234567890123456789012345678901234567890123456789012345678901234",
    "a_b",
    "ä\"\\\u{7}",
    "wardmarkofapatient",
];
const QUERIES: [&str; 5] = ["", "Observation?code=1", "x?a=\u{1F600}\"", "wardmarkofaquery", "MARK?_id=wardmarkofaresource"];

/// Any happening: of every kind that a request can be, and of some that have no form.
fn happening(numbers: &mut Numbers, actors: &[Option<Arc<Principal>>]) -> (Happening, Vec<Vec<Box<str>>>) {
    let what = match numbers.below(INTERACTIONS.len() + 3) {
        place if place < INTERACTIONS.len() => What::Rest(INTERACTIONS[place]),
        place if place == INTERACTIONS.len() => What::Operation("everything".into()),
        place if place == INTERACTIONS.len() + 1 => What::Export,
        _ => What::Consent,
    };
    let kinds: [&str; 6] = ["Observation", "Patient", "Consent", "Practitioner", "AuditEvent", "Location"];
    let entity = |numbers: &mut Numbers| {
        let key = Key::new(kind(numbers.one::<&str>(&kinds)), *numbers.one(&IDS));
        Entity { key, version: *numbers.one(&[0, 1, 2, 7_040_509, u64::MAX]) }
    };
    let entities: Vec<Entity> = (0..numbers.below(4)).map(|_| entity(numbers)).collect();
    let ids = |numbers: &mut Numbers, most| (0..numbers.below(most)).map(|_| Box::from(*numbers.one(&IDS))).collect::<Vec<Box<str>>>();
    let patients = (0..numbers.below(4)).map(|_| ids(numbers, 3)).collect();
    let happening = Happening {
        at: *numbers.one(&[NOON, NOON + 1, 0, 999, -1, 36_911_167_089, 253_402_300_799_999, 253_402_300_800_000, i64::MAX / 2]),
        request: numbers.one(&[&IDS[..], &["", "R-1", "wardmarkofarequest"]].concat()).to_owned().into(),
        who: numbers.one(actors).clone(),
        address: *numbers.one(&[None, Some([10, 0, 0, 1].into()), Some("2001:db8::7".parse().unwrap())]),
        query: numbers.one(&[&QUERIES.map(Some)[..], &[None]].concat()).map(Box::from),
        outcome: numbers
            .one(&[Outcome::Done, Outcome::Done, Outcome::Done, Outcome::Denied("no rule".into()), Outcome::Failed("".into())])
            .clone(),
        purpose: numbers.one(&[None, None, Some("TREAT".into()), Some("ETREAT".into())]).clone(),
        patients: ids(numbers, 2),
        entities,
        what,
        ..read(Vec::new())
    };
    (happening, patients)
}

fn actors() -> Vec<Option<Arc<Principal>>> {
    let marked = Principal { name: "wardmarkofapatient 1971-03-04T05:06:07.089Z".into(), ..ada() };
    vec![Some(Arc::new(ada())), Some(Arc::new(ada_in_an_emergency())), Some(Arc::new(service())), Some(Arc::new(marked)), None]
}

fn compared(forms: &mut Forms, happening: &Happening, patients: &[Vec<Box<str>>]) -> usize {
    let (scribe, id) = (scribe(), |place: usize| format!("r0-1-32-{place}"));
    let events = scribe.events(happening, patients);
    let one_by_one: Vec<Put> = events.iter().enumerate().map(|(place, event)| scribe.put(&id(place), event)).collect();
    let by_form = forms.puts(&scribe, happening, patients, &id);
    assert_eq!(by_form.len(), one_by_one.len());
    for (made, wanted) in by_form.iter().zip(&one_by_one) {
        assert_eq!(made.key, wanted.key);
        assert_eq!(std::str::from_utf8(&made.body.text), std::str::from_utf8(&wanted.body.text));
        assert_eq!((made.body.stamp_at, made.date, made.extractor), (wanted.body.stamp_at, wanted.date, wanted.extractor), "{happening:?}");
        assert_eq!(made.entries, wanted.entries, "{happening:?}");
        let read_anew = Registry::standard().extract(made.key.kind, &fhir::json::parse(&made.body.text).unwrap());
        assert_eq!((&made.entries, made.date), (&read_anew.entries, read_anew.date), "what is stored has these entries");
    }
    by_form.len()
}

#[test]
fn an_event_by_its_form_is_the_event_itself() {
    let (mut numbers, mut forms, actors) = (Numbers(20_261_122), Forms::default(), actors());
    let mut count = 0;
    for _ in 0..1_500 {
        let (happening, patients) = happening(&mut numbers, &actors);
        count += compared(&mut forms, &happening, &patients);
    }
    assert!(count > 2_500, "{count} events were compared");
}

/// Otherwise all that is compared above was made the long way.
#[test]
fn requests_that_went_well_have_a_form() {
    let (scribe, who) = (scribe(), Some(Arc::new(ada())));
    for what in INTERACTIONS.map(What::Rest).into_iter().chain([What::Operation("everything".into())]) {
        let mut forms = Forms::default();
        let told = |number: usize| Happening {
            what: what.clone(),
            who: who.clone(),
            query: Some(format!("Observation?code={number}").into()),
            request: format!("r-{number}").into(),
            ..read(vec![Entity { key: Key::new(kind("Observation"), format!("o{number}")), version: number as u64 }])
        };
        for number in 1..20 {
            forms.puts(&scribe, &told(number), &[vec![format!("p{number}").into()]], &|place| format!("e{number}-{place}"));
        }
        assert_eq!((forms.learned(), forms.filled_in()), (1, 19), "{what:?}");
    }
}
