use terminology::Closure;
use terminology::request::Coding;

use crate::{animals, with};

fn animal(code: &str) -> Coding {
    Coding { system: Some("http://example.org/animals".into()), code: Some(code.into()), ..Coding::default() }
}

#[test]
fn a_table_tells_what_is_new() {
    with(vec![animals()], |engine| {
        let first = terminology::closure(engine, &Closure::default(), &[animal("animal"), animal("dog")]).expect("the codes are known");
        let told = fhir::json::to_string(&first.since(0, "mine"));
        assert!(told.contains(r#"{"code":"dog","target":[{"code":"animal","equivalence":"subsumes"}]}"#), "{told}");
        let kept = Closure::read(&first.map("mine")).expect("it can be read again");
        assert_eq!(kept, first);
        let second = terminology::closure(engine, &kept, &[animal("mammal"), animal("dog")]).expect("the codes are known");
        let told = fhir::json::to_string(&second.since(kept.version, "mine"));
        assert!(told.contains(r#"{"code":"mammal","target":[{"code":"animal""#), "{told}");
        assert!(told.contains(r#"{"code":"dog","target":[{"code":"mammal""#), "{told}");
        assert_eq!(second.concepts.len(), 3);
        let again = terminology::closure(engine, &second, &[animal("dog")]).expect("the codes are known");
        assert_eq!(again, second, "what is there already changes nothing");
        assert!(terminology::closure(engine, &second, &[animal("unicorn")]).is_err());
    });
}
