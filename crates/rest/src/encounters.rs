//! Encounters of a patient, for whoever has to choose one.

use fhir::Value;
use fhir::definitions::ResourceType;
use interaction::{Context, SearchRequest};

use crate::app::App;
use crate::caller::Caller;

/// How many encounters are shown at most of those that go on, and of the others on a page.
const MOST: u32 = 20;

/// The parameter by which a search goes on.
const PAGE: &str = "_page";

/// An encounter, as far as people need it to tell one from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encounter {
    /// The id of the resource.
    pub id: String,
    /// What kind of encounter it is.
    pub name: String,
    /// Since when, until when, and how it stands.
    pub details: String,
}

/// A page of encounters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encounters {
    /// At most forty, those that are in progress first, each part the newest first.
    pub entries: Vec<Encounter>,
    /// With what the next page is asked for; `None`: there is none.
    pub next: Option<String>,
}

impl App {
    /// The encounters of a patient that a caller may see; `after` is [`Encounters::next`] of the page before. Those that are in progress are on the first page alone.
    ///
    /// Fails with what to tell them: when `after` is of no page, or the store fails.
    pub async fn encounters(&self, caller: &Caller, base_url: &str, patient: &str, after: Option<&str>) -> Result<Encounters, String> {
        let mut found = match after {
            None => self.encounters_with(caller, base_url, patient, &[("status", "in-progress")]).await?,
            Some(_) => Encounters::default(),
        };
        let mut others = vec![("status:not", "in-progress")];
        others.extend(after.map(|token| (PAGE, token)));
        let others = self.encounters_with(caller, base_url, patient, &others).await?;
        found.entries.extend(others.entries);
        Ok(Encounters { next: others.next, ..found })
    }

    /// The encounter of this id, if it is one of the patient's and a caller may see it.
    ///
    /// Fails as [`App::encounters`] does.
    pub async fn encounter(&self, caller: &Caller, base_url: &str, patient: &str, id: &str) -> Result<Option<Encounter>, String> {
        match interaction::is_id(id) {
            true => Ok(self.encounters_with(caller, base_url, patient, &[("_id", id)]).await?.entries.pop()),
            false => Ok(None),
        }
    }

    async fn encounters_with(
        &self,
        caller: &Caller,
        base_url: &str,
        patient: &str,
        criteria: &[(&str, &str)],
    ) -> Result<Encounters, String> {
        if !interaction::is_id(patient) {
            return Ok(Encounters::default());
        }
        let context = Context::new(self.server.clone(), caller.principal().tenant, caller.actor(), base_url).acting(caller.grant.clone());
        let (reference, count) = (format!("Patient/{patient}"), MOST.to_string());
        let mut params = vec![
            ("subject", reference.as_str()),
            ("_sort", "-date"),
            ("_count", &count),
            ("_elements", "status,class,type,serviceType,period,subject"),
        ];
        params.extend(criteria);
        let params = params.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        found(&context, params).await.ok_or_else(|| "The encounters could not be looked up. Try again.".to_owned())
    }
}

/// What a search for encounters finds; `None` when it does not work.
async fn found(context: &Context, params: Vec<(String, String)>) -> Option<Encounters> {
    let kind = ResourceType::parse("Encounter")?;
    let found = interaction::search(context, SearchRequest { kind, params, lenient: false }).await.ok()?;
    let bundle = fhir::json::parse(&found).ok()?;
    let entries = bundle.list("entry").filter_map(|entry| entry.get("resource")).filter_map(encounter).collect();
    let next = bundle.list("link").find(|link| link.text("relation") == Some("next")).and_then(|link| link.text("url"));
    let token = |url: &str| {
        let pairs = search::url::query_pairs(url.split_once('?')?.1).ok()?;
        pairs.into_iter().find_map(|(name, value)| (name == PAGE).then_some(value))
    };
    Some(Encounters { entries, next: next.and_then(token) })
}

fn encounter(resource: &Value) -> Option<Encounter> {
    let words = |concept: &Value| {
        let coded = concept.list("coding").find_map(|coding| coding.text("display").or_else(|| coding.text("code")));
        concept.text("text").or(coded).map(str::to_owned)
    };
    let class = resource.get("class").and_then(|class| class.text("display").or_else(|| class.text("code"))).map(str::to_owned);
    let kind = resource.list("type").find_map(words).or_else(|| resource.get("serviceType").and_then(words)).or(class);
    let period = |end: &str| resource.get("period").and_then(|period| period.text(end));
    // To the minute: seconds tell nobody one visit from another.
    let minute = |moment: &str| moment.chars().take(16).map(|sign| if sign == 'T' { ' ' } else { sign }).collect::<String>();
    let from = period("start").map(|start| format!("from {}", minute(start)));
    let until = period("end").map(|end| format!("until {}", minute(end)));
    let details: Vec<String> = from.into_iter().chain(until).chain(resource.text("status").map(str::to_owned)).collect();
    Some(Encounter {
        id: resource.text("id")?.to_owned(),
        name: kind.unwrap_or_else(|| "Encounter".to_owned()),
        details: details.join(", "),
    })
}
