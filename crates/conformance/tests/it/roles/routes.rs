//! Every route of the program has a cell: to whom it is open, and by which cells it is asked. A route that is new, and an interaction that is, has none.

use std::path::Path;

use interaction::table::{Interaction, routes};

use super::house::House;
use super::people::PEOPLE;
use super::world::World;
use super::world::kind;

/// The crates that have routes.
const CRATES: [&str; 3] = ["rest", "screens", "ward"];

/// To whom a route is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    /// To everybody: it tells everybody the same.
    All,
    /// To everybody: it judges itself what it is sent. The tests of `screens` and of `oauth` ask what it tells to whom.
    Judges,
    /// To whoever is let in; it tells nothing of patients.
    Known,
}

const ROUTES: &[(&str, Open)] = &[
    ("/health/live", Open::All),
    ("/health/ready", Open::All),
    ("/metrics", Open::All),
    ("/fhir/openapi.json", Open::Known),
    ("/api/openapi.json", Open::Known),
    ("/developer/api", Open::All),
    ("/developer/api/{type}", Open::All),
    ("/developer/errors", Open::All),
    ("/assets/style.css", Open::All),
    ("/auth/jwks", Open::All),
    ("/auth/smart-style.json", Open::All),
    ("/.well-known/openid-configuration", Open::All),
    ("/.well-known/oauth-authorization-server", Open::All),
    ("/fhir/.well-known/smart-configuration", Open::All),
    ("/auth/token", Open::Judges),
    ("/auth/revoke", Open::Judges),
    ("/auth/introspect", Open::Judges),
    ("/auth/device-authorization", Open::Judges),
    ("/auth/register", Open::Judges),
    ("/auth/userinfo", Open::Judges),
    ("/auth/sign-in", Open::Judges),
    ("/auth/passkey", Open::Judges),
    ("/auth/second-factor", Open::Judges),
    ("/auth/sign-out", Open::Judges),
    ("/auth/sessions", Open::Judges),
    ("/auth/factors", Open::Judges),
    ("/auth/password", Open::Judges),
    ("/auth/set-up", Open::Judges),
    ("/auth/invitation", Open::Judges),
    ("/auth/reset", Open::Judges),
    ("/auth/registration", Open::Judges),
    ("/auth/verification", Open::Judges),
    ("/auth/apps", Open::Judges),
    ("/auth/end-session", Open::Judges),
    ("/auth/break-glass", Open::Judges),
    ("/auth/reviews", Open::Judges),
    // The name and the colour of a tenant, as its sign-in page shows them.
    ("/auth/house.css", Open::All),
    // Pages of administration ask as `/api/v1` does.
    ("/auth/admin", Open::Judges),
    ("/auth/admin/alerts", Open::Judges),
    ("/auth/admin/clients", Open::Judges),
    ("/auth/admin/clients/{id}", Open::Judges),
    ("/auth/admin/explain", Open::Judges),
    ("/auth/admin/invite", Open::Judges),
    ("/auth/admin/keys", Open::Judges),
    ("/auth/admin/proof", Open::Judges),
    ("/auth/admin/roles", Open::Judges),
    ("/auth/admin/roles/{name}", Open::Judges),
    ("/auth/admin/tenants", Open::Judges),
    ("/auth/admin/tenants/{name}", Open::Judges),
    ("/auth/admin/trail", Open::Judges),
    ("/auth/admin/users", Open::Judges),
    ("/auth/admin/users/{id}", Open::Judges),
    ("/auth/authorize", Open::Judges),
    ("/auth/device", Open::Judges),
    ("/auth/launch", Open::Judges),
    ("/auth/links", Open::Judges),
    ("/auth/outside/{slug}", Open::Judges),
    ("/auth/outside/{slug}/acs", Open::Judges),
    ("/auth/outside/{slug}/callback", Open::Judges),
    ("/auth/outside/{slug}/finish", Open::Judges),
    ("/auth/outside/{slug}/metadata", Open::Judges),
    ("/auth/outside/{slug}/signed-out", Open::Judges),
    ("/auth/outside/{slug}/slo", Open::Judges),
    // The table of `administration` says who may ask what, and its tests ask every route as every role.
    ("{PREFIX}/{{*path}}", Open::Judges),
];

/// The paths that are written down in the sources of a folder: in `.route("…`, `.route(&format!("…` and the table of services.
fn paths(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            paths(&path, found);
        } else if let Ok(source) = std::fs::read_to_string(&path) {
            let is_table = path.ends_with("src/service.rs");
            let marks = [".route(\"", ".route(&format!(\"", if is_table { "path: \"" } else { ".route(\"" }];
            let after =
                |mark: &str| source.split(mark).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect::<Vec<_>>();
            found.extend(marks.into_iter().flat_map(after));
        }
    }
}

#[test]
fn every_route_beside_fhir_has_a_cell() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the folder of all crates");
    let mut known = Vec::new();
    CRATES.iter().for_each(|name| paths(&crates.join(name).join("src"), &mut known));
    // Those of FHIR follow from the table of interactions.
    for path in known.iter().filter(|path| !path.starts_with("{PREFIX}{")) {
        let has_cell = path.as_str() == "{PREFIX}/" || ROUTES.iter().any(|(route, _)| route == path);
        assert!(has_cell, "{path} has no cell: say to whom it is open");
    }
    for (route, _) in ROUTES {
        assert!(known.iter().any(|path| path == route), "{route} is no route any more");
    }
}

/// The cells that ask for an interaction; what is new in the table does not compile until it has some.
fn cells(interaction: Interaction) -> &'static str {
    use Interaction::*;
    match interaction {
        Capabilities => "routes",
        Process => "bundles, writes",
        Read | Vread | HistoryInstance => "reads, bundles",
        SearchType | SearchTypePost | SearchSystem | SearchSystemPost | HistoryType | HistorySystem => "searches, links",
        SearchCompartment | SearchCompartmentPost => "links",
        Create | Update | ConditionalUpdate | Patch | ConditionalPatch | Delete | ConditionalDelete => "writes",
        GraphQl | GraphQlPost => "searches",
        Operation => "operations",
    }
}

/// A path of a row about a patient who is there.
fn concrete(path: &str) -> String {
    let path = path.replace("{type}", "Patient").replace("{id}", "own").replace("{vid}", "1").replace("{member}", "Observation");
    format!("/fhir{path}")
}

#[tokio::test]
async fn nobody_comes_in_without_a_token() {
    let house = House::new();
    let fhir = routes().map(|row| (row.method, concrete(row.path), row.interaction == Interaction::Capabilities));
    let services =
        ROUTES.iter().filter(|(path, _)| path.starts_with("/health") || path.starts_with("/fhir/o") || path.starts_with("/api/o"));
    let services = services.map(|(path, open)| ("GET", (*path).to_owned(), *open == Open::All));
    let mut asked = 0;
    for (method, path, is_open) in fhir.chain(services) {
        for headers in [&[][..], &[("authorization", "Bearer stranger")], &[("cookie", "ward-session=physician")]] {
            let told = house.plain(method, &path, headers, "").await;
            assert_eq!(told.status == 401, !is_open, "{method} {path} {headers:?}: {}", told.text());
            assert!(!told.text().contains("\"id\":\"own\""), "{method} {path}: {}", told.text());
            asked += 1;
        }
    }
    assert!(asked > 250, "{asked}");
    assert!(routes().all(|row| !cells(row.interaction).is_empty()));
}

/// Whoever is let in has their session for pages and their token for FHIR: a page takes a cookie, and a form another site sends is refused.
#[tokio::test]
async fn what_is_sent_from_elsewhere_changes_nothing() {
    let house = House::new();
    let cookie = ("cookie", "ward-session=physician");
    let page = house.plain("POST", "/nothing/here", &[cookie, ("origin", "https://elsewhere.example")], "").await;
    assert_eq!(page.status, 403, "{}", page.text());
    let own = house.plain("POST", "/nothing/here", &[cookie, ("origin", "http://ward.test")], "").await;
    assert_eq!(own.status, 404, "{}", own.text());
}

/// The CapabilityStatement and the documents tell everybody the same, whoever they are.
#[tokio::test]
async fn what_is_told_to_all_is_the_same() {
    let house = House::new();
    let mut first: Option<String> = None;
    for person in PEOPLE {
        let told = house.get(person, "metadata").await;
        assert_eq!(told.status, 200, "{}", person.name);
        assert_eq!(first.get_or_insert_with(|| told.text()), &told.text(), "{}", person.name);
    }
    let text = first.expect("somebody has asked");
    let patients = World::shared().of(kind("Patient"));
    assert!(patients.iter().all(|row| !text.contains(&format!("\"{}\"", row.place()))));
}
