//! What the suites leave out: each expression gives one value on a small patient.

use fhir::primitive::Temporal;
use fhir::{Value, array, object};
use fhirpath::{Context, Error, Expression, Item, Tracer};

fn patient() -> Value {
    object! {
        "resourceType": "Patient",
        "id": "p",
        "active": true,
        "name": array![
            object! { "use": "official", "family": "Chalmers", "given": array!["Peter", Value::Null], "_given": array![Value::Null, object! { "id": "x" }] },
            object! { "use": "usual", "given": array!["Jim"] },
        ],
        "birthDate": "1974-12-25",
        "_birthDate": object! { "extension": array![object! { "url": "http://example.org/time", "valueDateTime": "1974-12-25T14:35:45-05:00" }] },
        "deceasedBoolean": false,
        "multipleBirthInteger": 2,
    }
}

/// The result as text, items put apart by commas.
fn result(text: &str) -> Result<String, Error> {
    let patient = patient();
    let context = Context::new(&patient).with_now(Temporal::parse("2026-11-22T01:02:03.004Z").expect("it is a moment"));
    let items = Expression::parse(text)?.evaluate(&context, &Item::resource(&patient))?;
    let texts: Vec<_> = items.iter().map(|item| item.as_string().map_or(item.type_name().to_owned(), |text| text.into_owned())).collect();
    Ok(texts.join(","))
}

#[test]
fn expressions_give_what_the_specification_says() {
    for (text, expected) in [
        ("name.given", "Peter,string,Jim"),
        ("name.given.where(hasValue())", "Peter,Jim"),
        ("name.given.id", "x"),
        ("birthDate.extension('http://example.org/time').value.type().name", "dateTime"),
        ("deceased", "false"),
        ("deceased is boolean", "true"),
        ("multipleBirth.ofType(integer) + 1", "3"),
        ("deceasedBoolean", "false"),
        ("Resource.id | DomainResource.id", "p"),
        ("Patient.name.type().name.distinct()", "HumanName"),
        ("name.where(use = 'usual').given.single()", "Jim"),
        ("name.select(iif(use = 'usual', $index, {}))", "1"),
        ("name.given.select($index).count()", "3"),
        ("defineVariable('n', name.count()).name.where(%n = 2).family", "Chalmers"),
        ("name.select(defineVariable('f', family).given.where(%f.exists()))", "Peter,string"),
        ("birthDate + 1 month", "1975-01-25"),
        ("birthDate.toString() & '!'", "1974-12-25!"),
        ("@1974-12-25 - 1 'month'", "1974-11-25"),
        ("now()", "2026-11-22T01:02:03.004Z"),
        ("today()", "2026-11-22"),
        ("timeOfDay()", "01:02:03.004"),
        ("1 'g' = 1 'cm'", "false"),
        ("1 'kg' > 999 'g'", "true"),
        ("1 year = 365 days", "true"),
        ("2 'cm' * 3 'cm'", "6 'cm.cm'"),
        ("6 'm' / 2 's.s'", "3 'm/(s.s)'"),
        ("6 'm' / 2 'cm'", "300 '1'"),
        ("0.1 + 0.2 = 0.3", "true"),
        ("1.10.precision()", "2"),
        ("(1 | 2 | 3).sum() + (1 | 2 | 3).max()", "9"),
        ("coalesce({}, name.family)", "Chalmers"),
        ("'male'.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')", "true"),
        ("'m'.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')", "false"),
        ("'m'.memberOf('http://example.org/unknown')", ""),
        ("getResourceKey()", "Patient/p"),
        ("true or name.family > 1", "true"),
        ("name.given.pathname()", "Patient.name[0].given[0],Patient.name[0].given[1],Patient.name[1].given[0]"),
        ("name.use.pathname() | birthDate.pathname(true)", "Patient.name[0].use[0],Patient.name[1].use[0],Patient.birthDate"),
        ("(1 | 'a').pathname()", ""),
        ("'\\p\\3\\u005'", "p3u005"),
        ("'a\tB' ~ 'A b'", "true"),
        ("'a  b' ~ 'a b'", "false"),
        ("'abc'.lastIndexOf('')", "0"),
        ("'&#233;&lt;&apos;&bad;&'.unescape('html')", "é<'&bad;&"),
        ("'4days'.toQuantity()", "4 days"),
        ("'<b>a</b>'.htmlChecks() | '<script/>'.htmlChecks()", "true,false"),
        ("name.htmlChecks() | 1.htmlChecks()", ""),
        ("name.given.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')", ""),
        ("type().baseType | 1.type().baseType", "FHIR.DomainResource,System.Any"),
    ] {
        assert_eq!(result(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn errors_teach() {
    for (text, words) in [
        ("name.given.toString()", "first()"),
        ("name.gvien()", "there is no function"),
        ("%nothing", "%nothing"),
        ("name is Nothing", "there is no type Nothing"),
        ("active + 1", "boolean"),
        ("name.where()", "takes 1 arguments"),
        ("@2024-01-01 + 1 'a'", "years and months as words"),
        ("-name.family", "sign"),
    ] {
        let error = result(text).expect_err(text);
        assert!(error.message.contains(words), "{text}: {error}");
        assert!(!error.message.contains("Chalmers"), "{text}: the message tells data: {error}");
    }
}

#[test]
fn check_names_the_nearest_element() {
    for (text, words) in [
        ("Patient.birthdate", "did you mean birthDate?"),
        ("deceasedBoolean", "deceased.ofType(boolean)"),
        ("Encounter.status", "Encounter"),
        ("name.where(usee = 'x')", "use"),
        ("name.where(period.startsWith('a'))", "works on a string"),
        ("Coding { code: nmae }", "name"),
    ] {
        let error = Expression::parse(text).and_then(|expression| expression.check("Patient")).expect_err(text);
        assert!(error.message.contains(words), "{text}: {error}");
    }
    for text in [
        "contact.name.given",
        "contained.anything",
        "extension.value.unit",
        "link.other.resolve().anything",
        "deceased.ofType(dateTime) > @2020",
    ] {
        Expression::parse(text).and_then(|expression| expression.check("Patient")).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
}

struct Heard(std::cell::RefCell<Vec<String>>);

impl Tracer for Heard {
    fn trace(&self, name: &str, items: &[Item<'_>]) {
        self.0.borrow_mut().push(format!("{name}: {}", items.len()));
    }
}

#[test]
fn trace_tells_the_tracer() {
    let (patient, heard) = (patient(), Heard(Vec::new().into()));
    let context = Context::new(&patient).with_tracer(&heard);
    let expression = Expression::parse("name.trace('names').trace('given', given).count()").expect("it parses");
    expression.evaluate(&context, &Item::resource(&patient)).expect("it evaluates");
    assert_eq!(*heard.0.borrow(), ["names: 2", "given: 3"]);
}

#[test]
fn an_expression_is_shared_between_threads() {
    let (patient, expression) = (patient(), Expression::parse("name.given.count() = 3").expect("it parses"));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let (patient, expression) = (&patient, expression.clone());
            scope.spawn(move || assert_eq!(expression.is_true(&Context::new(patient), &Item::resource(patient)), Ok(true)));
        }
    });
}
