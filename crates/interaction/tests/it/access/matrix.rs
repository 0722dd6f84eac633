//! Every type, by every interaction, alone and in Bundles, for three grants.

use access::Verdict;
use fhir::definitions::ResourceType;
use interaction::Context;
use interaction::table::{Interaction, Needs, TABLE};

use super::samples::{is_of_patients, kind};
use super::ways::{Told, alone, bundled};
use super::world::{Who, World, shared};

/// What is asked about: what is seen, what is hidden, what is not there.
pub const IDS: [&str; 3] = ["own", "other", "none"];

/// The types of which the server itself brings resources: they are read and found by everybody.
pub const BROUGHT: [&str; 7] =
    ["CodeSystem", "CompartmentDefinition", "ConceptMap", "OperationDefinition", "SearchParameter", "StructureDefinition", "ValueSet"];

/// How a request comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum In {
    Alone,
    Batch,
    Transaction,
}

async fn ask(ctx: &Context, way: In, interaction: Interaction, of: ResourceType, id: &str) -> Option<Told> {
    match way {
        In::Alone => Some(alone(ctx, interaction, of, id).await),
        In::Batch => bundled(ctx, "batch", interaction, of, id).await,
        In::Transaction => bundled(ctx, "transaction", interaction, of, id).await,
    }
}

/// Whether the grant refuses the interaction with the type altogether.
fn is_refused(who: Who, interaction: Interaction, of: ResourceType) -> bool {
    let grant = shared(who);
    let Needs::Acts(lists) = interaction.needs() else { return false };
    let about_all = matches!(
        interaction,
        Interaction::HistorySystem
            | Interaction::SearchSystem
            | Interaction::SearchSystemPost
            | Interaction::SearchCompartmentPost
            | Interaction::GraphQlPost
    );
    let refuses = |act| match about_all {
        true => ResourceType::all().all(|of| *grant.verdict(of, act) == Verdict::Refused),
        false => {
            let is_open = matches!(act, access::Act::Read | access::Act::Search) && BROUGHT.contains(&of.name());
            !is_open && *grant.verdict(of, act) == Verdict::Refused
        }
    };
    lists.iter().any(|acts| acts.iter().all(|act| refuses(*act)))
}

/// Whether a request would make a resource that the rules do not let somebody make: another patient than oneself, or something of another one.
fn makes_what_is_not_allowed(who: Who, interaction: Interaction, of: ResourceType, id: &str) -> bool {
    let is_new = match interaction {
        // With the condition it is found; without one it is made.
        Interaction::Create => true,
        Interaction::ConditionalUpdate => id != "own",
        _ => false,
    };
    who == Who::Patient && is_new && of == kind("Patient")
}

/// One row of the matrix, and how many cells it had: asked of a server with everything, and of one without what is hidden.
async fn check(world: &World, (whole, part): (&Context, &Context), who: Who, way: In, interaction: Interaction) -> usize {
    let of = world.kind;
    let before = world.hidden(whole, who, false).await;
    let mut cells = 0;
    let mut told_of_hidden: Option<Told> = None;
    for id in IDS {
        let cell = format!("{who:?} {way:?} {interaction:?} {}/{id}", of.name());
        let Some(told) = ask(whole, way, interaction, of, id).await else { return cells };
        cells += 1;
        if is_refused(who, interaction, of) {
            assert_eq!(told.status, 403, "{cell}: {}", told.body);
            assert!(!told.body.contains(&format!("/{id}")), "{cell} names what was asked about: {}", told.body);
            continue;
        }
        if makes_what_is_not_allowed(who, interaction, of, id) {
            // A conditional create that finds something makes nothing.
            let found = way != In::Alone && interaction == Interaction::Create && id == "own";
            assert_eq!(told.status, if found { 200 } else { 403 }, "{cell}: {}", told.body);
            continue;
        }
        if interaction == Interaction::Update && id != "own" && who == Who::Patient {
            // Ids that are hidden, and ids that are free, are refused alike.
            assert!((400..500).contains(&told.status) && told.status != 403, "{cell}: {}", told.body);
            let told = told.renamed(id, "ID");
            assert_eq!(told_of_hidden.get_or_insert_with(|| told.clone()), &told, "{cell}");
            continue;
        }
        let expected = ask(part, way, interaction, of, id).await.expect("the same way");
        assert_eq!(told, expected, "{cell}");
    }
    assert_eq!(world.hidden(whole, who, false).await, before, "{who:?} {way:?} {interaction:?} {}: what is hidden changed", of.name());
    cells
}

fn interactions() -> Vec<Interaction> {
    let mut all: Vec<Interaction> = Vec::new();
    TABLE.iter().for_each(|row| {
        if !all.contains(&row.interaction) {
            all.push(row.interaction);
        }
    });
    all
}

fn is_writing(interaction: Interaction) -> bool {
    use Interaction::*;
    matches!(interaction, Create | Update | ConditionalUpdate | Patch | ConditionalPatch | Delete | ConditionalDelete | Process)
}

async fn run(who: Who, way: In) {
    let mut cells = 0;
    for of in ResourceType::all() {
        let world = World::of(of);
        let both = || (world.whole(who, false), world.part(who, false));
        let reading = both();
        for interaction in interactions() {
            // What nothing is written by is asked of the same servers. What does not tell of resources is asked once.
            cells += match interaction {
                Interaction::Capabilities | Interaction::Process if of != kind("Patient") => 0,
                _ if is_writing(interaction) => {
                    let fresh = both();
                    check(&world, (&fresh.0, &fresh.1), who, way, interaction).await
                }
                _ => check(&world, (&reading.0, &reading.1), who, way, interaction).await,
            };
        }
    }
    println!("{cells} cells");
    assert!(cells > 148 * 3 * 15, "{cells} cells");
}

#[tokio::test]
async fn nobody_alone() {
    run(Who::Nobody, In::Alone).await;
}

#[tokio::test]
async fn nobody_in_a_batch() {
    run(Who::Nobody, In::Batch).await;
}

#[tokio::test]
async fn nobody_in_a_transaction() {
    run(Who::Nobody, In::Transaction).await;
}

#[tokio::test]
async fn a_patient_alone() {
    run(Who::Patient, In::Alone).await;
}

#[tokio::test]
async fn a_patient_in_a_batch() {
    run(Who::Patient, In::Batch).await;
}

#[tokio::test]
async fn a_patient_in_a_transaction() {
    run(Who::Patient, In::Transaction).await;
}

#[tokio::test]
async fn whoever_may_do_everything_alone() {
    run(Who::All, In::Alone).await;
}

#[tokio::test]
async fn whoever_may_do_everything_in_a_batch() {
    run(Who::All, In::Batch).await;
}

#[tokio::test]
async fn whoever_may_do_everything_in_a_transaction() {
    run(Who::All, In::Transaction).await;
}

#[tokio::test]
async fn every_sample_is_where_the_matrix_takes_it_to_be() {
    for of in ResourceType::all() {
        let world = World::of(of);
        let ctx = world.whole(Who::Patient, false);
        for id in ["own", "other"] {
            let is_seen = alone(&ctx, Interaction::Read, of, id).await.status == 200;
            assert_eq!(is_seen, id == "own" && is_of_patients(of), "{}/{id}", of.name());
        }
    }
}
