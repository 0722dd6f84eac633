//! Every route of the program has a cell: to whom it is open, and by which cells it is asked. A route that is new, and an interaction that is, has none.

use interaction::table::{Interaction, routes};

use super::house::House;
use super::people::PEOPLE;
use super::world::World;

/// Where the routes beside FHIR are written down.
const SOURCES: [&str; 4] = [
    include_str!("../../../../rest/src/authorization.rs"),
    include_str!("../../../../rest/src/service.rs"),
    include_str!("../../../../screens/src/account.rs"),
    include_str!("../../../../screens/src/site.rs"),
];

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

const ROUTES: [(&str, Open); 34] = [
    ("/health/live", Open::All),
    ("/health/ready", Open::All),
    ("/metrics", Open::All),
    ("/fhir/openapi.json", Open::Known),
    ("/api/openapi.json", Open::Known),
    ("/developer/api", Open::Known),
    ("/developer/api/{type}", Open::Known),
    ("/developer/errors", Open::Known),
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
    ("/auth/authorize", Open::Judges),
    ("/auth/device", Open::Judges),
];

/// The paths in a source: of `.route("…` and of `path: "…`.
fn paths(source: &'static str) -> impl Iterator<Item = &'static str> {
    ["route(\"", "path: \""].into_iter().flat_map(|start| source.split(start).skip(1).filter_map(|rest| rest.split('"').next()))
}

#[test]
fn every_route_beside_fhir_has_a_cell() {
    let known: Vec<&str> = SOURCES.into_iter().flat_map(paths).collect();
    for path in &known {
        assert!(ROUTES.iter().any(|(route, _)| route == path), "{path} has no cell: say to whom it is open");
    }
    for (route, _) in ROUTES {
        assert!(known.contains(&route), "{route} is no route any more");
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
        assert!(World::shared().rows.iter().flatten().all(|row| !told.text().contains(&format!("\"{}\"", row.place()))));
        assert_eq!(first.get_or_insert_with(|| told.text()), &told.text(), "{}", person.name);
    }
}
