//! Who asks: somebody with each role that Ward brings, and others whom scopes, places, emergencies, purposes and denials make differ.

use std::sync::{Arc, LazyLock};

use access::{Assignment, BreakGlass, Principal, Scopes, Strength};
use store::commit::{Key, Tenant};

use super::world::kind;

/// Somebody.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their token, and what tests call them.
    pub name: &'static str,
    pub roles: &'static [&'static str],
    /// Who they are in the records.
    pub is: Option<(&'static str, &'static str)>,
    /// The client's scopes.
    pub scopes: Option<&'static str>,
    /// The patient of the launch.
    pub launch: Option<&'static str>,
    /// The patient for whom the glass is broken.
    pub glass: Option<&'static str>,
    pub has_second_factor: bool,
    /// What for.
    pub purpose: Option<&'static str>,
    /// Whether their role holds at one facility only.
    pub is_in_one_place: bool,
    /// A policy of their own.
    pub own: Option<&'static str>,
    /// Whether they see what refers to others ([`POINTERS`]).
    pub reads_pointers: bool,
}

/// Keeps the chart of one patient closed.
const NEIGHBOUR: &str = r#"{"name":"not-the-neighbour","description":"Keeps a chart closed.","rules":[
    {"name":"the chart","effect":"deny","types":["clinical","Encounter"],"acts":["*"],"patients":"_id=other"}]}"#;

/// A role that shows what refers to others, so that links lead from there.
pub const POINTERS: &str = r#"{"name":"pointers","description":"Sees what refers to others.","rules":[
    {"name":"pointers","types":["Basic","Provenance"],"acts":["read","search"],"clearance":"V"}]}"#;

/// Whoever knows no more than this: a Practitioner with one role.
const STAFF: Person = Person {
    name: "",
    roles: &[],
    is: Some(("Practitioner", "gp")),
    scopes: None,
    launch: None,
    glass: None,
    has_second_factor: false,
    purpose: None,
    is_in_one_place: false,
    own: None,
    reads_pointers: false,
};

const PATIENT: Person = Person { roles: &["patient"], is: Some(("Patient", "own")), ..STAFF };
const SERVICE: Person = Person { roles: &["service"], is: None, ..STAFF };
const PHYSICIAN: Person = Person { roles: &["physician"], ..STAFF };

/// All of them.
pub const PEOPLE: &[Person] = &[
    Person { name: "nobody", ..STAFF },
    Person { name: "system-administrator", roles: &["system-administrator"], ..STAFF },
    Person { name: "administrator", roles: &["administrator"], ..STAFF },
    Person { name: "physician", ..PHYSICIAN },
    Person { name: "nurse", roles: &["nurse"], ..STAFF },
    Person { name: "pharmacist", roles: &["pharmacist"], ..STAFF },
    Person { name: "laboratory-technician", roles: &["laboratory-technician"], ..STAFF },
    Person { name: "receptionist", roles: &["receptionist"], ..STAFF },
    Person { name: "biller", roles: &["biller"], ..STAFF },
    Person { name: "patient", ..PATIENT },
    Person { name: "auditor", roles: &["auditor"], ..STAFF },
    Person { name: "service", ..SERVICE },
    Person { name: "system-administrator-with-two-factors", roles: &["system-administrator"], has_second_factor: true, ..STAFF },
    Person { name: "physician-by-an-app", scopes: Some("user/*.cruds"), ..PHYSICIAN },
    Person { name: "physician-by-an-app-that-reads", scopes: Some("user/*.rs"), ..PHYSICIAN },
    Person { name: "physician-with-one-chart", scopes: Some("patient/*.cruds"), launch: Some("own"), ..PHYSICIAN },
    Person { name: "physician-for-results", scopes: Some("user/Observation.rs?status=final user/Patient.r"), ..PHYSICIAN },
    Person { name: "physician-without-a-chart", scopes: Some("patient/*.cruds system/*.cruds"), ..PHYSICIAN },
    Person { name: "patient-by-an-app", scopes: Some("patient/*.cruds openid"), ..PATIENT },
    Person { name: "patient-at-another-chart", scopes: Some("patient/*.rs"), launch: Some("other"), ..PATIENT },
    Person { name: "service-that-reads", scopes: Some("system/*.rs"), ..SERVICE },
    Person { name: "service-for-results", scopes: Some("system/Observation.cruds system/Patient.s"), ..SERVICE },
    Person { name: "service-with-scopes-of-users", scopes: Some("user/*.cruds patient/*.cruds"), ..SERVICE },
    Person { name: "physician-in-one-place", is_in_one_place: true, ..PHYSICIAN },
    Person { name: "physician-in-an-emergency", glass: Some("private"), has_second_factor: true, ..PHYSICIAN },
    Person { name: "physician-in-a-claimed-emergency", glass: Some("private"), ..PHYSICIAN },
    Person { name: "physician-for-research", purpose: Some("HRESCH"), ..PHYSICIAN },
    Person { name: "physician-beside-a-neighbour", own: Some(NEIGHBOUR), ..PHYSICIAN },
    Person { name: "biller-and-nurse", roles: &["biller", "nurse"], ..STAFF },
    Person { name: "patient-who-keeps-things-private", is: Some(("Patient", "private")), ..PATIENT },
];

impl Person {
    /// Who that is for the program.
    pub fn principal(&self) -> Arc<Principal> {
        let key = |(of, id): (&str, &str)| Key::new(kind(of), id);
        let facility = self.is_in_one_place.then(|| key(("Organization", "here")));
        Arc::new(Principal {
            tenant: Tenant(1),
            user: self.is.map(|_| self.name.into()),
            fhir_user: self.is.map(key),
            name: self.name.into(),
            client: self.scopes.map(|_| "app".into()),
            roles: self
                .roles
                .iter()
                .chain(self.reads_pointers.then_some(&"pointers"))
                .map(|role| Assignment { role: (*role).into(), facility: facility.clone(), department: None })
                .collect(),
            direct: Vec::new(),
            scopes: self.scopes.map(|text| Scopes::parse(text).expect("scopes")),
            patient: self.launch.map(Into::into),
            encounter: None,
            purpose: self.purpose.map(Into::into),
            break_glass: self.glass.map(|patient| BreakGlass {
                reason: "brought in unconscious".into(),
                patient: patient.into(),
                until: i64::MAX,
            }),
            strength: if self.has_second_factor { Strength::Two } else { Strength::One },
            session: self.name.into(),
        })
    }

    /// Whether nothing but a role, or none, says what they may do: they are the first of [`PEOPLE`].
    pub fn has_a_role_alone(&self) -> bool {
        PEOPLE[..12].iter().any(|person| person.name == self.name.trim_end_matches("-and-pointers"))
    }

    /// The same, who sees what refers to others too.
    pub fn who_reads_pointers(&self) -> Person {
        static NAMES: LazyLock<Vec<String>> =
            LazyLock::new(|| PEOPLE.iter().map(|person| format!("{}-and-pointers", person.name)).collect());
        let at = PEOPLE.iter().position(|person| person.name == self.name).expect("one of them");
        Person { name: &NAMES[at], reads_pointers: true, ..self.clone() }
    }

    /// The id of the Patient that they are.
    pub fn own_patient(&self) -> Option<&'static str> {
        self.is.filter(|(of, _)| *of == "Patient").map(|(_, id)| id)
    }
}

/// The cells of a file in three tests that run at once: asked by those with a role and nothing else, by those with an app, and by all others.
macro_rules! by_three_groups {
    ($run:path) => {
        #[tokio::test]
        async fn by_those_with_a_role() {
            $run(&$crate::roles::people::PEOPLE[..12]).await;
        }

        #[tokio::test]
        async fn by_those_with_an_app() {
            $run(&$crate::roles::people::PEOPLE[12..22]).await;
        }

        #[tokio::test]
        async fn by_all_others() {
            $run(&$crate::roles::people::PEOPLE[22..]).await;
        }
    };
}
pub(crate) use by_three_groups;
