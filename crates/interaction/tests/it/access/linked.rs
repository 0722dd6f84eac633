//! Every type as what a chain, `_has`, `_include` or `_revinclude` leads to, in a compartment, in a record, and as what is in the past.

use fhir::definitions::ResourceType;
use interaction::{CompartmentSearchRequest, Context, Error, SearchRequest, search, search_compartment};
use store::commit::Key;

use super::samples::kind;
use super::ways::Told;
use super::world::{NOW, Who, World, parameter, pointing_at};

/// How a search leads to a resource.
#[derive(Clone, Copy, Debug)]
enum Link {
    Chain,
    ChainWithoutType,
    NotChain,
    Has,
    Include,
    IncludeAll,
    Revinclude,
    Compartment,
    CompartmentOfAll,
    Past,
}

const LINKS: [Link; 10] = [
    Link::Chain,
    Link::ChainWithoutType,
    Link::NotChain,
    Link::Has,
    Link::Include,
    Link::IncludeAll,
    Link::Revinclude,
    Link::Compartment,
    Link::CompartmentOfAll,
    Link::Past,
];

/// What is asked by a link about a resource of the type; `None` where there is no such link to the type.
async fn ask(ctx: &Context, link: Link, of: ResourceType, id: &str) -> Option<Told> {
    let (pointing, element) = pointing_at(of);
    let (name, from) = (of.name(), pointing.name());
    let patient = Key::new(kind("Patient"), id);
    let to_patient = parameter(of);
    let with = |of: ResourceType, criteria: String| async move {
        let params = search::url::query_pairs(&criteria).expect("criteria");
        self::told(interaction::search(ctx, SearchRequest { kind: of, params, lenient: false }).await)
    };
    Some(match link {
        Link::Chain => with(pointing, format!("{element}:{name}._id={id}&_total=accurate")).await,
        // Several types may be meant: what a chain asks of each is seen alike.
        Link::ChainWithoutType => with(pointing, format!("_filter={element}._id eq {id}&_total=accurate")).await,
        Link::NotChain => with(pointing, format!("_filter=not({element}._id eq {id})&_total=accurate")).await,
        Link::Has => with(kind("Patient"), format!("_has:{name}:{}:_id={id}&_total=accurate", to_patient?)).await,
        Link::Include => with(pointing, format!("_id=to-{id}&_include={from}:{element}:{name}")).await,
        Link::IncludeAll => with(pointing, "_include=*&_include:iterate=*".to_owned()).await,
        Link::Revinclude => with(kind("Patient"), format!("_id={id}&_revinclude={name}:{}", to_patient?)).await,
        Link::Compartment => {
            to_patient?;
            let request = CompartmentSearchRequest { owner: patient, kind: Some(of), params: Vec::new(), lenient: false };
            told(search_compartment(ctx, request).await)
        }
        Link::CompartmentOfAll => {
            let request = CompartmentSearchRequest { owner: patient, kind: None, params: Vec::new(), lenient: false };
            told(search_compartment(ctx, request).await)
        }
        Link::Past => {
            let then = ctx.at(NOW + 500);
            let params = vec![("_id".to_owned(), id.to_owned()), ("_total".to_owned(), "accurate".to_owned())];
            told(search(&then, SearchRequest { kind: of, params, lenient: false }).await)
        }
    })
}

fn told(answer: Result<bytes::Bytes, Error>) -> Told {
    Told::of(answer.map(|body| Told::ok(200, body)))
}

async fn run(who: Who) {
    let mut cells = 0;
    for of in ResourceType::all() {
        let world = World::of(of);
        // Those that refer to it are seen by everybody here, so that what they lead to is all that is hidden.
        let (whole, part) = (world.whole(who, true), world.part(who, true));
        for link in LINKS {
            for id in ["own", "other", "none"] {
                let cell = format!("{who:?} {link:?} {}/{id}", of.name());
                let Some(told) = ask(&whole, link, of, id).await else { continue };
                cells += 1;
                if told.status == 403 {
                    let is_refused = match link {
                        Link::Has | Link::Revinclude => who == Who::Nobody && of != kind("Patient"),
                        Link::Past | Link::Compartment => who != Who::All,
                        _ => false,
                    };
                    assert!(is_refused, "{cell}: {}", told.body);
                    continue;
                }
                assert_eq!(told, ask(&part, link, of, id).await.expect("the same link"), "{cell}");
            }
        }
    }
    println!("{cells} cells");
    assert!(cells > 148 * 3 * 6, "{cells} cells");
}

#[tokio::test]
async fn nobody_is_led_to_what_is_hidden() {
    run(Who::Nobody).await;
}

#[tokio::test]
async fn a_patient_is_led_to_what_is_theirs() {
    run(Who::Patient).await;
}

#[tokio::test]
async fn whoever_may_do_everything_is_led_everywhere() {
    run(Who::All).await;
}

#[tokio::test]
async fn links_lead_somewhere_at_all() {
    // What the matrix compares is no comparison of empty answers.
    let world = World::of(kind("Observation"));
    let (all, ctx) = (world.whole(Who::All, true), world.whole(Who::Patient, true));
    for link in LINKS {
        let told = ask(&all, link, world.kind, "own").await.expect("a link");
        assert_eq!(told.status, 200, "{link:?}: {}", told.body);
    }
    for (link, is_seen) in [(Link::Chain, "/Basic/to-own"), (Link::Include, "/Observation/own"), (Link::Revinclude, "/Observation/own")] {
        let told = ask(&ctx, link, world.kind, "own").await.expect("a link");
        assert!(told.body.contains(&format!("fhir{is_seen}\"")), "{link:?}: {}", told.body);
        let told = ask(&ctx, link, world.kind, "other").await.expect("a link");
        assert!(!told.body.contains("fhir/Observation/other\""), "{link:?}: {}", told.body);
    }
}
