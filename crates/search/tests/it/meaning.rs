//! What searches find: parsed, extracted and matched, from the query to the resource.

mod contained;
mod filter_language;
mod hierarchy;
mod names;
mod near;
mod people;
mod quantities;
mod scopes;
mod sorting;
mod words;

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use fhir::definitions::ResourceType;
use search::{NoCodeSets, Registry, Search, SearchContext};
use store::Store;
use store::commit::{Body, Commit, Key, Put, Tenant};
use store::memory::MemoryStore;
use store::query::Answer;
use store::suite::ManualClock;

/// Resources, one on each line.
const HOSPITAL: &str = include_str!("hospital.ndjson");

const CONTEXT: SearchContext<'static> = SearchContext {
    tenant: Tenant(1),
    base_url: "https://ward.test/fhir",
    default_count: 100,
    max_count: 100,
    lenient: false,
    now: 1_767_225_600_000,
    code_sets: &NoCodeSets,
    seal: &search::page::Checked,
};

/// Resources in the reference engine, and the registry that they were extracted with.
struct Hospital {
    store: MemoryStore,
    registry: Arc<Registry>,
}

/// The outcome of work that the reference engine does at once.
fn now<T>(work: impl Future<Output = T>) -> T {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => panic!("the reference engine made us wait"),
    }
}

impl Hospital {
    /// The resources of a text, one on each line, written one after the other.
    fn of(resources: &str) -> Self {
        let hospital = Self {
            store: MemoryStore::new(Arc::new(ManualClock::new(1_577_836_800_000))),
            registry: Registry::standard().with_words(true),
        };
        for line in resources.lines().filter(|line| !line.trim().is_empty()) {
            let resource = fhir::json::parse(line.as_bytes()).unwrap_or_else(|error| panic!("{line}: {error}"));
            let kind = resource.resource_type().and_then(ResourceType::parse).expect("a resource type");
            let key = Key::new(kind, resource.text("id").expect("an id"));
            let extracted = hospital.registry.extract(kind, &resource);
            let text = format!(r#"{{"resourceType":"{}","id":"{}","meta":{{}}}}"#, kind.name(), key.id);
            let stamp_at = u32::try_from(text.len() - 2).expect("a short text");
            let put = Put {
                key,
                body: Body { text: Bytes::from(text), stamp_at },
                entries: extracted.entries,
                date: extracted.date,
                extractor: 0,
            };
            let commit = Commit { put: vec![put], ..Commit::new(Tenant(1), "test", "test") };
            now(hospital.store.commit(commit)).expect("the commit is applied");
        }
        hospital
    }

    fn parse(&self, query: &str) -> Search {
        let (name, pairs) = query.split_once('?').expect("a query");
        let pairs = search::url::query_pairs(pairs).expect("pairs");
        let parsed = match name.split('/').collect::<Vec<_>>().as_slice() {
            [""] => search::parse_system(&self.registry, &CONTEXT, &pairs),
            [name] => search::parse(&self.registry, &CONTEXT, kind(name), &pairs),
            [owner, id, member] => {
                let member = Some(*member).filter(|member| *member != "*").map(kind);
                search::parse_compartment(&self.registry, &CONTEXT, &Key::new(kind(owner), *id), member, &pairs)
            }
            _ => panic!("{query} is no search"),
        };
        parsed.unwrap_or_else(|issues| panic!("{query}: {issues:?}"))
    }

    fn answer(&self, query: &str) -> Answer {
        now(self.store.search(&self.parse(query).query)).expect("an answer")
    }

    /// The ids that a query finds, in order of their own; those of several types with them.
    fn found(&self, query: &str) -> String {
        let mut ids = self.in_order(query);
        ids.sort_unstable();
        ids.join(" ")
    }

    /// The same in the order of the answer.
    fn in_order(&self, query: &str) -> Vec<String> {
        let many = query.starts_with('?') || query.contains("/*?") || query.contains("_contained");
        let name = |key: &Key| if many { key.to_string() } else { key.id.to_string() };
        self.answer(query).matches.iter().map(|version| name(&version.key)).collect()
    }

    /// Checks what each query finds.
    fn check(&self, cases: &[(&str, &str)]) {
        for (query, ids) in cases {
            assert_eq!(self.found(query), *ids, "{query}");
        }
    }
}

fn kind(name: &str) -> ResourceType {
    ResourceType::parse(name).unwrap_or_else(|| panic!("{name} is no type"))
}

#[test]
fn searches_find_what_they_ask_for() {
    Hospital::of(HOSPITAL).check(&[
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
        ("Patient?birthdate=ne1990", "eva karl"),
        ("Patient?_lastUpdated=2020-01-01", "anna eva karl nn"),
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
        ("Patient?organization:missing=true", "eva karl nn"),
        // Uris.
        ("ValueSet?url=http://x.org/vs/a", "vs"),
        ("ValueSet?url=http://x.org/VS/a", ""),
        ("ValueSet?url:below=http://x.org/vs", "vs"),
        ("ValueSet?url:below=http://x.org/v", ""),
        ("ValueSet?url:above=http://x.org/vs/a/b", "vs"),
        ("Patient?_profile=http://p.org/p", "anna eva"),
        ("Patient?_profile=http://p.org/p|2", "eva"),
    ]);
}
