//! Patients, for whoever has to choose one.

use fhir::Value;
use fhir::definitions::ResourceType;
use interaction::{Context, SearchRequest};
use store::commit::Tenant;

use crate::app::App;
use crate::caller::Caller;

/// How many patients are shown at most.
const MOST: u32 = 20;

/// A patient, as far as people need it to tell one from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patient {
    /// The id of the resource.
    pub id: String,
    /// The name.
    pub name: String,
    /// The date of birth and a number, as far as they are known.
    pub details: String,
}

impl App {
    /// At most twenty patients whom a caller may see, by words of their names, or by an identifier; without words, some. Where the index is sealed, a word is a whole part of a name.
    ///
    /// Fails with what to tell them: when the search is not understood, or the store fails.
    pub async fn patients(&self, caller: &Caller, base_url: &str, words: &str) -> Result<Vec<Patient>, String> {
        let is_number = words.chars().any(|sign| sign.is_ascii_digit());
        let params = match is_number {
            true => vec![("identifier".to_owned(), words.trim().to_owned())],
            false => {
                let words = words.split_whitespace().take(8).map(|word| word.replace([',', '|', '$', '\\'], " "));
                words.map(|word| ("name".to_owned(), word)).collect()
            }
        };
        self.patients_with(caller, base_url, params).await
    }

    /// The patient of an id, if a caller may see them; empty otherwise.
    ///
    /// Fails as [`App::patients`] does.
    pub async fn patient(&self, caller: &Caller, base_url: &str, id: &str) -> Result<Vec<Patient>, String> {
        match interaction::is_id(id) {
            true => self.patients_with(caller, base_url, vec![("_id".to_owned(), id.to_owned())]).await,
            false => Ok(Vec::new()),
        }
    }

    async fn patients_with(&self, caller: &Caller, base_url: &str, criteria: Vec<(String, String)>) -> Result<Vec<Patient>, String> {
        let context = Context::new(self.server.clone(), caller.principal().tenant, caller.actor(), base_url).acting(caller.grant.clone());
        let mut params: Vec<(String, String)> =
            vec![("_count".into(), MOST.to_string()), ("_elements".into(), "name,birthDate,identifier".into())];
        params.extend(criteria);
        let cannot = "The search for patients did not work. Try other words.";
        found(&context, params).await.ok_or_else(|| cannot.to_owned())
    }

    /// The patient of a tenant who has an identifier of this value and was born on this day, whoever may see them: none when there is none, or more than one. It is for an emergency;
    /// who may ask is for the caller to know.
    ///
    /// Fails with what to tell them: when the search is not understood, or the store fails.
    pub async fn patient_named_exactly(
        &self,
        tenant: Tenant,
        base_url: &str,
        (number, born): (&str, &str),
    ) -> Result<Vec<Patient>, String> {
        let cannot = "The search for the patient did not work. Enter the number, and the date as 1980-02-29.";
        let is_date = born.len() == 10 && fhir::primitive::Temporal::parse(born).is_some();
        let is_number = (1..=64).contains(&number.len()) && !number.contains([',', '|', '$', '\\', ' ']);
        if !is_date || !is_number {
            return Err(cannot.to_owned());
        }
        let context = Context::new(self.server.clone(), tenant, "emergency", base_url);
        let params = [("identifier", number), ("birthdate", born), ("_count", "2")];
        let params = params.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let mut found = found(&context, params).await.ok_or(cannot)?;
        if found.len() > 1 {
            found.clear();
        }
        Ok(found)
    }
}

/// The patients whom a search finds; `None` when it does not work.
async fn found(context: &Context, params: Vec<(String, String)>) -> Option<Vec<Patient>> {
    let kind = ResourceType::parse("Patient")?;
    // A sealed index has no beginnings of names: whole ones are compared for whoever asks leniently.
    let lenient = context.server.registry().seals_index();
    let found = interaction::search(context, SearchRequest { kind, params, lenient }).await.ok()?;
    let bundle = fhir::json::parse(&found).ok()?;
    Some(bundle.list("entry").filter_map(|entry| entry.get("resource")).filter_map(patient).collect())
}

fn patient(resource: &Value) -> Option<Patient> {
    let name = resource.list("name").next();
    let name = name.map(|name| match name.text("text") {
        Some(text) => text.to_owned(),
        None => name.list("given").filter_map(Value::as_str).chain(name.text("family")).collect::<Vec<_>>().join(" "),
    });
    let number = resource.list("identifier").find_map(|identifier| identifier.text("value"));
    let details: Vec<&str> = resource.text("birthDate").into_iter().chain(number).collect();
    Some(Patient {
        id: resource.text("id")?.to_owned(),
        name: name.filter(|name| !name.is_empty()).unwrap_or_else(|| "Without a name".to_owned()),
        details: details.join(", "),
    })
}
