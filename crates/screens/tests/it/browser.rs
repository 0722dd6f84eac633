//! A browser without a script: it keeps cookies, reads forms, and sends them as they are.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use federation::Federation;
use federation::ask::Ask;
use http::request::Parts;
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use identity::outbox::{Letter, Outbox};
use identity::password::Cost;
use identity::random::SystemRandom;
use identity::sealer::Sealer;
use identity::settings::RelyingParty;
use identity::user::Membership;
use identity::{Directory, Identity, IdentityError, Secret, Surroundings};
use oauth::Provider;
use oauth::client::fetch::NoFetch;
use screens::{
    Accounts, Answering, Chart, Charts, Counter, Encountered, Encounters, Found, Power, Powers, Refused, Requests, Wanted, accounts,
};
use store::commit::Tenant;
use store::contract::Clock;
use store::memory::MemoryStore;
use tower::ServiceExt;

pub(crate) const ORIGIN: &str = "https://ward.test";
pub(crate) const PASSWORD: &str = "vestibule-otter-crane-71";

/// A clock that is moved by hand.
pub(crate) struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Turns each bit round.
struct Turned;

impl Sealer for Turned {
    fn seal(&self, _: &str, plain: &[u8]) -> Result<Vec<u8>, IdentityError> {
        Ok(plain.iter().map(|byte| !byte).collect())
    }

    fn open(&self, _: &str, sealed: &[u8]) -> Result<Vec<u8>, IdentityError> {
        Ok(sealed.iter().map(|byte| !byte).collect())
    }
}

/// Keeps letters.
#[derive(Default)]
pub(crate) struct Letters(pub(crate) Mutex<Vec<Letter>>);

impl Outbox for Letters {
    fn post(&self, letter: Letter) {
        self.0.lock().expect("letters").push(letter);
    }
}

/// Requests as they come to `https://ward.test`.
struct Plain;

impl Requests for Plain {
    fn origin(&self, _: &Parts) -> String {
        ORIGIN.to_owned()
    }

    fn base_url(&self, _: &Parts) -> Arc<str> {
        format!("{ORIGIN}/fhir").into()
    }

    fn is_secure(&self, _: &Parts) -> bool {
        true
    }

    fn address(&self, _: &Parts) -> IpAddr {
        Ipv4Addr::LOCALHOST.into()
    }

    fn tenant(&self, _: &Parts) -> Tenant {
        Tenant(1)
    }

    fn houses<'a>(&'a self, _: &'a Parts, tenants: &'a [Tenant]) -> Pin<Box<dyn Future<Output = Vec<screens::House>> + Send + 'a>> {
        let all = [(1, "Main"), (2, "North <Clinic>")];
        let known = all.into_iter().filter(|(number, _)| tenants.contains(&Tenant(*number)));
        let house = |(number, name): (u32, &str)| screens::House {
            tenant: Tenant(number),
            name: name.to_owned(),
            address: Some(format!("{ORIGIN}/t/{number}/auth/sessions")),
        };
        Box::pin(std::future::ready(known.map(house).collect()))
    }
}

/// Knows two patients.
struct Two;

impl Charts for Two {
    fn find<'a>(&'a self, _: &'a Secret, _: Tenant, words: &'a str) -> Found<'a> {
        let all = [("p1", "Ada <b>Lovelace</b>"), ("p2", "Charles Babbage")];
        let fits = all.into_iter().filter(|(_, name)| name.contains(words));
        let found = fits.map(|(id, name)| Chart { id: id.into(), name: name.into(), details: "1815-12-10".into() }).collect();
        Box::pin(async move { Ok(found) })
    }

    fn by_id<'a>(&'a self, session: &'a Secret, tenant: Tenant, id: &'a str) -> Found<'a> {
        Box::pin(async move { Ok(self.find(session, tenant, "").await?.into_iter().filter(|chart| chart.id == id).collect()) })
    }

    fn encounters<'a>(&'a self, _: &'a Secret, _: Tenant, patient: &'a str, after: Option<&'a str>) -> Encountered<'a> {
        let visit =
            |id: &str, name: &str| Chart { id: format!("{patient}-{id}"), name: name.into(), details: "from 2026-11-01 08:00".into() };
        let found = match after {
            None => Encounters { entries: vec![visit("now", "Emergency <ER>"), visit("last", "Check-up")], next: Some("older".into()) },
            Some("older") => Encounters { entries: vec![visit("first", "Birth")], next: None },
            Some(_) => return Box::pin(async { Err("The encounters could not be looked up. Try again.".to_owned()) }),
        };
        Box::pin(async move { Ok(found) })
    }

    fn encounter<'a>(&'a self, _: &'a Secret, _: Tenant, patient: &'a str, id: &'a str) -> Found<'a> {
        let is_theirs = ["now", "last", "first"].iter().any(|known| id == format!("{patient}-{known}"));
        let found = is_theirs.then(|| Chart { id: id.into(), name: "Visit".into(), details: String::new() });
        Box::pin(async move { Ok(found.into_iter().collect()) })
    }

    fn named_exactly<'a>(&'a self, _: Tenant, number: &'a str, born: &'a str) -> Found<'a> {
        let chart = Chart { id: "hidden".into(), name: "X".into(), details: String::new() };
        let found = (number == "MRN-7" && born == "1980-02-29").then_some(chart).into_iter().collect();
        Box::pin(async move { Ok(found) })
    }
}

/// Lets physicians break the glass, and whoever is called `eve` review it.
struct ByName(Identity);

impl Powers for ByName {
    fn has<'a>(&'a self, session: &'a Secret, _: Tenant, power: Power) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(async move {
            let Ok((_, user)) = self.0.session(session).await else { return false };
            match power {
                Power::BreakGlass => user.record.login != "eve",
                Power::Review => user.record.login != "bob",
            }
        })
    }
}

/// A counter at which nobody may do anything.
struct Closed;

impl Counter for Closed {
    fn ask<'a>(&'a self, _: &'a Parts, _: &'a Secret, _: Wanted) -> Answering<'a> {
        Box::pin(async { Err(Refused { status: 403, problems: vec!["the counter is closed".to_owned()] }) })
    }

    fn permissions<'a>(&'a self, _: &'a Parts, _: &'a Secret) -> Pin<Box<dyn Future<Output = Vec<&'static str>> + Send + 'a>> {
        Box::pin(async { Vec::new() })
    }
}

/// A server with accounts.
pub(crate) struct House {
    pub(crate) router: Router,
    pub(crate) identity: Identity,
    pub(crate) provider: Arc<Provider>,
    pub(crate) federation: Arc<Federation>,
    pub(crate) letters: Arc<Letters>,
    pub(crate) clock: Arc<Hand>,
}

impl House {
    pub(crate) fn new() -> Self {
        Self::asking(Arc::new(NoFetch))
    }

    /// With this way to providers outside.
    pub(crate) fn asking(ask: Arc<dyn Ask>) -> Self {
        Self::with(ask, ORIGIN)
    }

    /// Where passkeys belong to this origin.
    pub(crate) fn with_passkeys_of(origin: &str) -> Self {
        Self::with(Arc::new(NoFetch), origin)
    }

    fn with(ask: Arc<dyn Ask>, origin: &str) -> Self {
        let clock = Arc::new(Hand(AtomicI64::new(1_800_000_000_000)));
        let directory = Directory::new(Arc::new(MemoryStore::new(clock.clone())));
        let letters = Arc::new(Letters::default());
        let surroundings =
            Surroundings { clock: clock.clone(), random: Arc::new(SystemRandom), outbox: letters.clone(), sealer: Arc::new(Turned) };
        let settings = identity::Settings {
            registration: true,
            cost: Cost { memory_kib: 64, passes: 1, lanes: 1 },
            relying_party: Some(RelyingParty { id: "ward.test".to_owned(), origins: vec![origin.to_owned()] }),
            ..identity::Settings::default()
        };
        let identity = Identity::new(directory.clone(), surroundings, settings).expect("accounts");
        let provider = Provider::new(directory, clock.clone(), Arc::new(Turned), Arc::new(NoFetch), oauth::Settings::default());
        let provider = Arc::new(provider);
        let federation = Federation::new(identity.clone(), provider.clone(), Arc::new(Turned), ask);
        let federation = Arc::new(federation);
        let router = accounts(Accounts {
            identity: identity.clone(),
            provider: provider.clone(),
            federation: federation.clone(),
            requests: Box::new(Plain),
            charts: Box::new(Two),
            powers: Box::new(ByName(identity.clone())),
            counter: Box::new(Closed),
            session_cookie: ["__Host-ward-session", "ward-session"],
        });
        Self { router, identity, provider, federation, letters, clock }
    }

    pub(crate) fn advance_s(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    /// An account that can sign in.
    pub(crate) async fn user(&self, login: &str) -> String {
        self.member(login, &[1]).await
    }

    /// The same with a part in each of these tenants.
    pub(crate) async fn member(&self, login: &str, tenants: &[u32]) -> String {
        let asked = identity::accounts::Invitation {
            login: login.into(),
            name: format!("Dr {login}"),
            email: Some(format!("{login}@ward.test")),
            locale: None,
            memberships: tenants.iter().map(|number| Membership::with_role(Tenant(*number), "physician")).collect(),
        };
        let (id, token) = self.identity.invite(asked).await.expect("invited");
        self.identity.accept_invitation(&token, &Secret::new(PASSWORD)).await.expect("accepted");
        id
    }

    /// The token of the last letter.
    pub(crate) fn last_token(&self) -> String {
        let letters = self.letters.0.lock().expect("letters");
        letters.last().and_then(|letter| letter.token.as_ref()).expect("a letter with a link").expose().to_owned()
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new() }
    }

    /// A browser in which somebody has signed in.
    pub(crate) async fn signed_in(&self, login: &str) -> Browser {
        let mut browser = self.browser();
        let page = browser.get("/auth/sign-in").await;
        let answer = browser.fill(&page, &[("login", login), ("password", PASSWORD)]).await;
        assert_eq!((answer.status, answer.location()), (303, "/auth/sessions"), "{}", answer.text);
        browser
    }
}

/// A browser.
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
}

/// What it is shown.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn location(&self) -> &str {
        self.headers.get("location").map_or("", |value| value.to_str().expect("text"))
    }

    /// The forms of the page, as they stand in it.
    pub(crate) fn forms(&self) -> Vec<&str> {
        self.text.split("<form ").skip(1).filter_map(|rest| rest.split("</form>").next()).collect()
    }
}

/// The value of an attribute of a tag.
pub(crate) fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split(&format!("{name}=\"")).nth(1)?.split('"').next()?;
    Some(value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"))
}

impl Browser {
    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, &[], String::new()).await
    }

    /// Sends the first form of a page, with what is filled in.
    pub(crate) async fn fill(&mut self, page: &Page, filled: &[(&str, &str)]) -> Page {
        self.fill_form(page.forms().first().expect("a form"), filled).await
    }

    /// Sends a form, with what is filled in: a field that is there by itself is replaced.
    pub(crate) async fn fill_form(&mut self, form: &str, filled: &[(&str, &str)]) -> Page {
        let action = attribute(form, "action").expect("an action");
        let own = form.split("<input ").skip(1).filter_map(|tag| {
            let tag = tag.split('>').next()?;
            let is_sent = !tag.contains("type=\"checkbox\"") && !tag.contains("type=\"radio\"") || tag.contains(" checked");
            Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default())).filter(|_| is_sent)
        });
        let mut pairs: Vec<(String, String)> = own.filter(|(name, _)| filled.iter().all(|(other, _)| other != name)).collect();
        pairs.extend(filled.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.post(&action, &pairs, &[("origin", ORIGIN)]).await
    }

    pub(crate) async fn post(&mut self, path: &str, pairs: &[(String, String)], headers: &[(&str, &str)]) -> Page {
        let mut headers = headers.to_vec();
        headers.push(("content-type", "application/x-www-form-urlencoded"));
        let members: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let body = oauth::params::append("", &members).trim_start_matches('?').to_owned();
        self.send("POST", path, &headers, body).await
    }

    pub(crate) async fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: String) -> Page {
        let mut request = Request::builder().method(method).uri(path).header("host", "ward.test").header("user-agent", "Test <browser>");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", cookies.join("; "));
        }
        let answer = self.router.clone().oneshot(request.body(Body::from(body)).expect("a request")).await.expect("an answer");
        let (head, body) = answer.into_parts();
        for cookie in head.headers.get_all("set-cookie") {
            let (name, rest) = cookie.to_str().expect("text").split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            assert!(
                rest.contains("HttpOnly") && rest.contains("Secure") && rest.contains("Path=/") && rest.contains("SameSite="),
                "{rest}"
            );
            assert!(name.starts_with("__Host-") && !rest.contains("Domain"), "{name}");
            match value.is_empty() {
                true => self.cookies.remove(name),
                false => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        let body = body.collect().await.expect("a body").to_bytes();
        Page { status: head.status.as_u16(), headers: head.headers, text: String::from_utf8(body.to_vec()).expect("text") }
    }
}
