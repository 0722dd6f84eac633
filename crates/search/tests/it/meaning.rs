//! What searches find: parsed, extracted and matched, from the query to the resource.

use std::borrow::Cow;
use std::convert::Infallible;

use fhir::definitions::ResourceType;
use search::{Registry, SearchContext};
use store::commit::{Key, Tenant};
use store::entry::{EntryValue, Param};
use store::matches::{Candidate, Others, passes};

/// Resources, one on each line.
const HOSPITAL: &str = include_str!("hospital.ndjson");

struct Hospital(Vec<Candidate<'static>>);

impl Others for Hospital {
    type Error = Infallible;

    fn resource(&self, key: &Key) -> Result<Option<Candidate<'_>>, Infallible> {
        Ok(self.0.iter().find(|candidate| *candidate.key == *key).cloned())
    }

    fn referring(&self, kind: ResourceType, param: Param, target: &str) -> Result<Vec<Candidate<'_>>, Infallible> {
        let refers = |candidate: &&Candidate<'_>| {
            let local = |value: &EntryValue| matches!(value, EntryValue::Local(local) if &*local.target == target);
            candidate.key.kind == kind && candidate.entries.iter().any(|entry| entry.param == param && local(&entry.value))
        };
        Ok(self.0.iter().filter(refers).cloned().collect())
    }
}

fn hospital() -> Hospital {
    let registry = Registry::standard();
    let candidate = |line: &str| {
        let resource = fhir::json::parse(line.as_bytes()).unwrap_or_else(|error| panic!("{line}: {error}"));
        let kind = resource.resource_type().and_then(ResourceType::parse).expect("a resource type");
        let key = Key::new(kind, resource.text("id").expect("an id"));
        let entries = registry.extract(kind, &resource).entries;
        Candidate { key: Cow::Owned(key), last_updated: 1_577_836_800_000, entries: Cow::Owned(entries) }
    };
    Hospital(HOSPITAL.lines().map(candidate).collect())
}

/// The ids that a query finds, in the order of the file.
fn found(hospital: &Hospital, query: &str) -> String {
    let context = SearchContext {
        tenant: Tenant(1),
        base_url: "https://ward.test/fhir",
        default_count: 20,
        max_count: 100,
        lenient: false,
        now: 1_767_225_600_000,
    };
    let (name, pairs) = query.split_once('?').expect("a query");
    let kind = ResourceType::parse(name).expect("a type");
    let pairs = search::url::query_pairs(pairs).expect("pairs");
    let search = search::parse(&Registry::standard(), &context, kind, &pairs).unwrap_or_else(|issues| panic!("{query}: {issues:?}"));
    let of_kind = hospital.0.iter().filter(|candidate| candidate.key.kind == kind);
    let found = of_kind.filter(|candidate| matches!(passes(&search.query.subjects[0].filter, candidate, hospital), Ok(true)));
    found.map(|candidate| &*candidate.key.id).collect::<Vec<_>>().join(" ")
}

#[test]
fn searches_find_what_they_ask_for() {
    let hospital = hospital();
    for (query, ids) in [
        // Tokens.
        ("Patient?gender=female", "anna eva"),
        ("Patient?gender=Female", ""),
        ("Patient?gender=http://hl7.org/fhir/administrative-gender|male", "karl"),
        ("Patient?gender=http://other|male", ""),
        ("Patient?gender:not=male", "anna eva nn"),
        ("Patient?gender:missing=true", "nn"),
        ("Patient?identifier=urn:mrn|a-1", "anna"),
        ("Patient?identifier=A-1", "anna eva"),
        ("Patient?identifier=|A-1", "eva"),
        ("Patient?identifier=urn:mrn|", "anna karl"),
        ("Patient?identifier=A-1&gender=female&active=true", "anna"),
        ("Patient?deceased=true", "karl"),
        ("Patient?deceased=false", "anna eva nn"),
        ("Patient?email=ANNA@x.org", "anna"),
        ("Patient?_id=anna,karl", "anna karl"),
        ("Patient?_tag=urn:t|vip", "eva"),
        // Texts.
        ("Patient?name=mull", "anna karl"),
        ("Patient?name:exact=Müller", "anna"),
        ("Patient?name:exact=Mueller", ""),
        ("Patient?family:contains=LLE", "anna karl"),
        ("Patient?given=anna,eva", "anna eva"),
        ("Patient?name=anna%20maria", "anna"),
        ("Patient?address-city=koln", "anna"),
        // Dates.
        ("Patient?birthdate=1990", "anna"),
        ("Patient?birthdate=1990-05-01", ""),
        ("Patient?birthdate=ge1990-05-15", "anna eva"),
        ("Patient?birthdate=sa1990-05-15", "eva"),
        ("Patient?birthdate=gt1990-04&birthdate=lt2000", "anna"),
        ("Patient?birthdate=ne1990", "karl eva"),
        ("Patient?_lastUpdated=2020-01-01", "anna karl eva nn"),
        ("Patient?_lastUpdated=gt2020-01-01", ""),
        ("Observation?date=2020-01-01", "bp"),
        ("Observation?date=2020-01-01T09:30Z", "bp"),
        ("Observation?date=2020-01-01T10:30", ""),
        // Numbers and quantities.
        ("Observation?value-quantity=7", "sugar"),
        ("Observation?value-quantity=7.0", ""),
        ("Observation?value-quantity=7.2", "sugar"),
        ("Observation?value-quantity=7.20", "sugar"),
        ("Observation?value-quantity=gt7.2", ""),
        ("Observation?value-quantity=ge7.2", "sugar"),
        ("Observation?value-quantity=ap7.5", "sugar"),
        ("Observation?value-quantity=lt1", "trace"),
        ("Observation?value-quantity=7.2|http://unitsofmeasure.org|mmol/L", "sugar"),
        ("Observation?value-quantity=7.2||mmol/L", "sugar"),
        ("Observation?value-quantity=7.2||millimole", "sugar"),
        ("Observation?value-quantity=7.2||mg", ""),
        // Composites: a code goes with the value of its own component.
        ("Observation?component-code-value-quantity=http://loinc.org|8480-6$120", "bp"),
        ("Observation?component-code-value-quantity=8462-4$120", ""),
        ("Observation?component-code-value-quantity=8462-4$lt100", "bp"),
        ("Observation?code-value-quantity=2339-0$gt7", "sugar"),
        // References, chains and _has.
        ("Observation?subject=Patient/anna", "bp sugar"),
        ("Observation?subject=anna", "bp sugar"),
        ("Observation?patient=karl", "trace"),
        ("Observation?subject=https://ward.test/fhir/Patient/karl", "trace"),
        ("Observation?subject:Patient=karl,anna", "bp sugar trace"),
        ("Observation?subject:Device=anna", ""),
        ("Observation?performer=http://elsewhere/Practitioner/9", "sugar"),
        ("Observation?performer:identifier=urn:npi|77", "bp"),
        ("Observation?subject.name:exact=Müller&code=2339-0", "sugar"),
        ("Observation?patient.organization.name=ward", "bp sugar"),
        ("Observation?subject:Patient.gender=male", "trace"),
        ("Patient?_has:Observation:patient:code=2339-0", "anna karl"),
        ("Patient?_has:Observation:subject:value-quantity=gt5", "anna"),
        ("Organization?_has:Patient:organization:_has:Observation:patient:code=8480-6,55284-4", "w1"),
        ("Patient?organization:missing=true", "karl eva nn"),
        // Uris.
        ("ValueSet?url=http://x.org/vs/a", "vs"),
        ("ValueSet?url=http://x.org/VS/a", ""),
        ("ValueSet?url:below=http://x.org/vs", "vs"),
        ("ValueSet?url:below=http://x.org/v", ""),
        ("ValueSet?url:above=http://x.org/vs/a/b", "vs"),
        ("Patient?_profile=http://p.org/p", "anna eva"),
        ("Patient?_profile=http://p.org/p|2", "eva"),
    ] {
        assert_eq!(found(&hospital, query), ids, "{query}");
    }
}
