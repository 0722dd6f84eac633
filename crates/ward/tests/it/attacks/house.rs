//! A house to attack: two patients and their record, people with accounts, apps, and a server that wants to know who asks.

use std::path::Path;

use crate::attacks::browser::{Browser, Page};
use crate::http::Answer;
use crate::process::{Server, run_well};

/// The password of everybody.
pub const PASSWORD: &str = "vestibule-otter-crane-71";

/// The verifier and challenge of RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Where apps want their users back.
pub const BACK: &str = "https://app.example/back";

/// What is in the records: of Ann and of Bob the same, and of each a word that the other must never see.
const RECORDS: &[&str] = &[
    r#"{"resourceType":"Patient","id":"ann","name":[{"family":"Ann"}],"identifier":[{"system":"urn:mrn","value":"mrn-ann"}]}"#,
    r#"{"resourceType":"Patient","id":"bob","name":[{"family":"Bobsecret"}],"identifier":[{"system":"urn:mrn","value":"mrn-bob"}]}"#,
    r#"{"resourceType":"Practitioner","id":"doc","name":[{"family":"Doc"}]}"#,
    r#"{"resourceType":"Organization","id":"ward","name":"Ward 3"}"#,
    r#"{"resourceType":"Observation","id":"of-ann","status":"final","code":{"coding":[{"system":"urn:c","code":"annvalue"}]},"subject":{"reference":"Patient/ann"},"performer":[{"reference":"Practitioner/doc"}]}"#,
    r#"{"resourceType":"Observation","id":"of-bob","status":"final","code":{"coding":[{"system":"urn:c","code":"bobvalue"}]},"subject":{"reference":"Patient/bob"},"performer":[{"reference":"Practitioner/doc"}]}"#,
    r#"{"resourceType":"QuestionnaireResponse","id":"by-ann","status":"in-progress","subject":{"reference":"Patient/ann"},"author":{"reference":"Patient/ann"}}"#,
    r#"{"resourceType":"QuestionnaireResponse","id":"by-bob","status":"in-progress","subject":{"reference":"Patient/bob"},"author":{"reference":"Patient/bob"}}"#,
];

/// A data directory before its server starts.
pub struct Prepared {
    folder: tempfile::TempDir,
}

/// A server under attack.
pub struct House {
    pub folder: tempfile::TempDir,
    pub server: Server,
}

/// An app or a service that was registered.
#[derive(Clone)]
pub struct Client {
    pub id: String,
    pub secret: String,
}

impl Prepared {
    /// The records, and accounts: of `ann` and `bob`, who are patients, and of `doc`, a physician.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("records.ndjson"), RECORDS.join("\n")).expect("written");
        run_well(folder.path(), &["import", "records.ndjson"]);
        Self { folder }
    }

    /// Accounts: login, role, and who it is in the records.
    pub fn people(self, people: &[(&str, &str, &str)]) -> Self {
        let line = |(login, role, person): &(&str, &str, &str)| {
            format!(
                r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"{login}","displayName":"{login}","emails":[{{"value":"{login}@ward.example"}}],"roles":[{{"value":"{role}"}}],"fhirUser":"{person}","password":"{PASSWORD}"}}"#
            )
        };
        let lines: Vec<String> = people.iter().map(line).collect();
        std::fs::write(self.folder.path().join("people.ndjson"), lines.join("\n")).expect("written");
        run_well(self.folder.path(), &["user", "import", "people.ndjson"]);
        self
    }

    /// The usual people.
    pub fn usual_people(self) -> Self {
        self.people(&[("ann", "patient", "Patient/ann"), ("bob", "patient", "Patient/bob"), ("doc", "physician", "Practitioner/doc")])
    }

    /// Where the files of the test are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The same, for a test that starts the server itself.
    pub fn into_folder(self) -> tempfile::TempDir {
        self.folder
    }

    /// A client, by what `ward client add` is told.
    pub fn client(&self, arguments: &[&str]) -> Client {
        let made = run_well(self.folder.path(), &[&["client", "add"], arguments].concat());
        let field = |name: &str| made.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned();
        Client { id: field("id: "), secret: field("secret: ") }
    }

    /// An app without a secret that may ask for these scopes.
    pub fn app(&self, scope: &str) -> Client {
        self.client(&["App", "--public", "--redirect-uri", BACK, "--scope", scope])
    }

    /// The server, with these settings beside those that every test has.
    pub fn open(self, settings: &[&str]) -> House {
        self.open_with(settings, &[])
    }

    /// The same, with flags of `serve`.
    pub fn open_with(self, settings: &[&str], flags: &[&str]) -> House {
        // Tests send more in a minute than people do; the limits have a test of their own.
        let mut all = vec!["--set", "access=required"];
        if !settings.iter().any(|setting| setting.starts_with("rate_")) {
            all.extend(["--set", "rate_sign_in=0", "--set", "rate_token=0"]);
        }
        settings.iter().for_each(|setting| all.extend(["--set", *setting]));
        all.extend(flags);
        let server = Server::start(self.folder.path(), &all);
        House { folder: self.folder, server }
    }
}

impl House {
    /// The usual people, and no app.
    pub fn usual() -> Self {
        Prepared::new().usual_people().open(&[])
    }

    /// Where the server is, as a browser says it.
    pub fn origin(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// A browser that knows nothing yet.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.server.address)
    }

    /// A browser in which somebody has signed in by password.
    pub fn signed_in(&self, login: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser.sign_in(login, PASSWORD);
        assert_eq!(answer.status, 303, "{login}: {}", answer.text);
        browser
    }

    /// A token of the operator, or of a patient as they would see it.
    pub fn token(&self, arguments: &[&str]) -> String {
        run_well(self.folder.path(), &[&["token"], arguments].concat()).trim().to_owned()
    }

    /// Sends a request with a token.
    pub fn with(&self, token: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let authorization = format!("Bearer {token}");
        let mut all = vec![("Authorization", authorization.as_str())];
        if !body.is_empty() && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            all.push(("Content-Type", "application/fhir+json"));
        }
        all.extend(headers);
        self.server.send(method, path, &all, body)
    }

    /// Gets a path with a token.
    pub fn get(&self, token: &str, path: &str) -> Answer {
        self.with(token, "GET", path, &[], b"")
    }

    /// Sends a form to an endpoint of OAuth.
    pub fn form(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let body = encoded(pairs);
        self.server.send("POST", path, &[("Content-Type", "application/x-www-form-urlencoded")], body.as_bytes())
    }

    /// What an app asks for in a browser; changes replace parameters, an empty one is left out.
    pub fn asking(&self, client: &Client, scope: &str, changes: &[(&str, &str)]) -> String {
        let audience = format!("{}/fhir", self.origin());
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", client.id.as_str()),
            ("redirect_uri", BACK),
            ("scope", scope),
            ("state", "st4te"),
            ("aud", audience.as_str()),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        pairs.retain(|(name, _)| changes.iter().all(|(other, _)| other != name));
        pairs.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
        oauth::params::append("/auth/authorize", &pairs)
    }

    /// The code that an app gets when its user agrees to all that it asks for.
    pub fn code(&self, browser: &mut Browser, client: &Client, scope: &str) -> String {
        let page = browser.get(&self.asking(client, scope, &[]));
        assert_eq!(page.status, 200, "{}", page.text);
        let answer = browser.fill(&page, &[("ward_decision", "allow")]);
        answer.parameter("code").unwrap_or_else(|| panic!("a code: {} {}", answer.location(), answer.text))
    }

    /// What is answered to whoever redeems a code; changes as in [`House::asking`].
    pub fn redeem(&self, client: &Client, code: &str, changes: &[(&str, &str)]) -> Answer {
        let pairs = redeeming(client, code, changes);
        self.form("/auth/token", &pairs)
    }

    /// The tokens that an app gets for a user: access, and refresh (empty when there is none).
    pub fn tokens(&self, browser: &mut Browser, client: &Client, scope: &str) -> (String, String) {
        let code = self.code(browser, client, scope);
        let answer = self.redeem(client, &code, &[]);
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        both(&answer)
    }

    /// What is answered to whoever refreshes.
    pub fn refresh(&self, client: &Client, token: &str, changes: &[(&str, &str)]) -> Answer {
        let mut pairs = vec![("grant_type", "refresh_token"), ("client_id", client.id.as_str()), ("refresh_token", token)];
        pairs.retain(|(name, _)| changes.iter().all(|(other, _)| other != name));
        pairs.extend(changes);
        self.form("/auth/token", &pairs)
    }

    /// Whether a token is good.
    pub fn is_good(&self, token: &str) -> bool {
        match self.get(token, "/fhir/Patient/ann").status {
            200 | 403 | 404 => true,
            401 => false,
            other => panic!("{other}"),
        }
    }
}

/// What whoever redeems a code sends.
pub fn redeeming<'a>(client: &'a Client, code: &'a str, changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut pairs = vec![
        ("grant_type", "authorization_code"),
        ("client_id", client.id.as_str()),
        ("redirect_uri", BACK),
        ("code", code),
        ("code_verifier", VERIFIER),
    ];
    pairs.retain(|(name, _)| changes.iter().all(|(other, _)| other != name));
    // What is to be blank stays, and is sent so.
    pairs.extend(changes.iter().filter(|(_, value)| *value != "(missing)"));
    pairs
}

/// The access and the refresh token of an answer.
pub fn both(answer: &Answer) -> (String, String) {
    let json = answer.json();
    let text = |name: &str| json.text(name).unwrap_or_default().to_owned();
    (text("access_token"), text("refresh_token"))
}

/// The code of an answer's error; empty when there is none.
pub fn error_of(answer: &Answer) -> String {
    fhir::json::parse(&answer.body).ok().and_then(|json| json.text("error").map(str::to_owned)).unwrap_or_default()
}

/// Pairs as a form has them.
pub fn encoded(pairs: &[(&str, &str)]) -> String {
    oauth::params::append("", pairs).trim_start_matches('?').to_owned()
}

/// Does something in as many threads at once, and gives what each came to.
pub fn at_once<T: Send>(count: usize, act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = std::sync::Barrier::new(count);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|number| {
                let (barrier, act) = (&barrier, &act);
                scope.spawn(move || {
                    barrier.wait();
                    act(number)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("the thread ends well")).collect()
    })
}

/// What a browser is shown, as text without what differs from one showing to the next.
pub fn settled(page: &Page) -> String {
    let mut text = page.text.clone();
    while let Some(at) = text.find("name=\"form_token\" value=\"") {
        let end = at + "name=\"form_token\" value=\"".len() + 64;
        text.replace_range(at..end.min(text.len()), "");
    }
    text
}
