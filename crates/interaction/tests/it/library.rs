//! What is stored of conformance resources, and found by their addresses: on both engines.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use fhir::canonical::Canonical;
use fhir::definitions::ResourceType;
use fhir::library::{Library, Shelf};
use fhir::{Value, json, object};
use interaction::erase::{EraseRequest, erase};
use interaction::{Context, DeleteRequest, Server, Settings, UpdateRequest, delete, update};
use search::{Live, Registry};
use store::Store;
use store::commit::{Extent, Key, Tenant};
use store::contract::Clock;
use store::memory::MemoryStore;
use store_embedded::{Embedded, Options};

const TENANT: Tenant = Tenant(1);

/// A clock that moves by a millisecond whenever it is looked at.
fn clock() -> Arc<dyn Clock> {
    struct Ticking(AtomicI64);
    impl Clock for Ticking {
        fn now(&self) -> i64 {
            self.0.fetch_add(1, Ordering::Relaxed)
        }
    }
    Arc::new(Ticking(AtomicI64::new(1_795_248_000_000)))
}

/// A server on a store; the embedded engine in a folder, the reference engine without one.
fn server(folder: Option<&Path>) -> (Arc<Server>, Option<Arc<Embedded>>) {
    let parameters = Live::from(Registry::standard());
    let extract = Arc::new(parameters.clone());
    let (store, engine): (Arc<dyn Store>, _) = match folder {
        None => (Arc::new(MemoryStore::with_extract(clock(), extract)), None),
        Some(folder) => {
            let engine = Arc::new(Embedded::open(Options::new(folder, extract, clock())).expect("it opens"));
            (engine.clone(), Some(engine))
        }
    };
    let server = Server::new(store, parameters, Settings { erase: true, ..Settings::default() }, clock());
    // Only what is stored: what the server brings has tests of its own.
    (Arc::new(server.with_base(Arc::new(Shelf::default()))), engine)
}

/// Does the same on both engines.
async fn on_both(test: impl AsyncFn(Context)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for folder in [None, Some(folder.path())] {
        let (server, engine) = server(folder);
        test(context(&server)).await;
        if let Some(engine) = engine {
            engine.close().await;
        }
    }
}

fn context(server: &Arc<Server>) -> Context {
    Context::new(server.clone(), TENANT, "test", "http://ward.test/fhir")
}

fn key(id: &str) -> Key {
    Key::new(ResourceType::parse("ValueSet").expect("a type"), id)
}

fn set(id: &str, url: &str, version: Option<&str>, title: &str) -> Value {
    let mut set = object! { "resourceType": "ValueSet", "id": id, "url": url, "status": "active", "title": title };
    if let (Some(version), Some(members)) = (version, set.as_object_mut()) {
        members.push("version", version);
    }
    set
}

async fn put(ctx: &Context, resource: Value) {
    let key = key(resource.text("id").expect("an id"));
    update(ctx, UpdateRequest { key, resource, if_match: None, if_absent: false }).await.expect("it is written");
}

async fn library(ctx: &Context) -> interaction::library::InForce {
    ctx.server.library(ctx.tenant).await.expect("it can be read")
}

async fn title(ctx: &Context, canonical: &str) -> Option<String> {
    let found = library(ctx).await.find("ValueSet", &Canonical::parse(canonical))?;
    found.text("title").map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_counts_from_its_own_commit_on() {
    on_both(async |ctx| {
        put(&ctx, set("before", "http://a/before", None, "written before anybody asked")).await;
        let library = library(&ctx).await;
        let find = |url: &str| library.find("ValueSet", &Canonical::parse(url)).and_then(|found| found.text("title").map(str::to_owned));
        assert_eq!(find("http://a/before").as_deref(), Some("written before anybody asked"));

        let generation = library.generation();
        put(&ctx, set("a", "http://a/a", Some("1.0"), "one")).await;
        assert_eq!(find("http://a/a").as_deref(), Some("one"));
        assert!(library.generation() > generation);
        put(&ctx, set("a", "http://a/a", Some("1.0"), "changed")).await;
        assert_eq!(find("http://a/a|1.0").as_deref(), Some("changed"));
        // The address itself changes.
        put(&ctx, set("a", "http://a/b", Some("1.0"), "moved")).await;
        assert_eq!((find("http://a/a"), find("http://a/b").as_deref()), (None, Some("moved")));
        let generation = library.generation();
        delete(&ctx, DeleteRequest { key: key("a"), if_match: None }).await.expect("deleted");
        assert_eq!(find("http://a/b"), None);
        assert!(library.generation() > generation);
        put(&ctx, set("a", "http://a/b", None, "back")).await;
        assert_eq!(find("http://a/b").as_deref(), Some("back"));
        erase(&ctx, EraseRequest { key: key("a"), extent: Extent::All, if_match: None, force: true, by_law: false }).await.expect("erased");
        assert_eq!(find("http://a/b"), None);
        // What is no conformance resource changes nothing.
        let generation = library.generation();
        let patient = Key::new(ResourceType::parse("Patient").expect("a type"), "p");
        let resource = object! { "resourceType": "Patient", "id": "p" };
        update(&ctx, UpdateRequest { key: patient, resource, if_match: None, if_absent: false }).await.expect("it is written");
        assert_eq!(library.generation(), generation);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_versions_stand_beside_each_other() {
    on_both(async |ctx| {
        put(&ctx, set("two", "http://a/v", Some("2.0.0"), "two")).await;
        put(&ctx, set("ten", "http://a/v", Some("10.0.0"), "ten")).await;
        put(&ctx, set("none", "http://a/v", None, "none")).await;
        for (canonical, expected) in
            [("http://a/v", "ten"), ("http://a/v|2.0.0", "two"), ("http://a/v|2", "two"), ("http://a/v|10.0.0", "ten")]
        {
            assert_eq!(title(&ctx, canonical).await.as_deref(), Some(expected), "{canonical}");
        }
        let library = library(&ctx).await;
        let versions: Vec<_> = library.versions("ValueSet", "http://a/v");
        assert_eq!(versions, [Some("10.0.0".into()), Some("2.0.0".into()), None]);
        assert_eq!(library.urls("ValueSet"), ["http://a/v".into()]);
        assert_eq!(title(&ctx, "http://a/v|3.0.0").await, None);
        // Of the same version under two ids the one written last counts.
        put(&ctx, set("again", "http://a/v", Some("10.0.0"), "ten again")).await;
        assert_eq!(title(&ctx, "http://a/v").await.as_deref(), Some("ten again"));
        delete(&ctx, DeleteRequest { key: key("again"), if_match: None }).await.expect("deleted");
        assert_eq!(title(&ctx, "http://a/v").await.as_deref(), Some("ten"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tenants_have_libraries_of_their_own() {
    on_both(async |ctx| {
        let other = Context::new(ctx.server.clone(), Tenant(2), "test", "http://ward.test/fhir");
        put(&ctx, set("a", "http://a/a", None, "ours")).await;
        put(&other, set("a", "http://a/a", None, "theirs")).await;
        assert_eq!(title(&ctx, "http://a/a").await.as_deref(), Some("ours"));
        assert_eq!(title(&other, "http://a/a").await.as_deref(), Some("theirs"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_finds_what_was_there() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (first, engine) = server(Some(folder.path()));
    let ctx = context(&first);
    // More than a page.
    for number in 0..450 {
        put(&ctx, set(&format!("n{number}"), &format!("http://a/{number}"), Some("1"), "x")).await;
    }
    delete(&ctx, DeleteRequest { key: key("n7"), if_match: None }).await.expect("deleted");
    engine.expect("an engine").close().await;
    drop((ctx, first));
    let (second, engine) = server(Some(folder.path()));
    let ctx = context(&second);
    assert!(!ctx.server.library_so_far(TENANT).stored.is_filled());
    assert_eq!(library(&ctx).await.urls("ValueSet").len(), 449);
    assert_eq!(title(&ctx, "http://a/7").await, None);
    assert_eq!(title(&ctx, "http://a/449|1").await.as_deref(), Some("x"));
    engine.expect("an engine").close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_brings_stands_below() {
    let (server, _) = server(None);
    let base = Shelf::new([set("base", "http://a/base", Some("1.0"), "base"), set("both", "http://a/both", Some("1.0"), "base")]);
    let server = Arc::into_inner(server).expect("nobody else has it").with_base(Arc::new(base));
    let ctx = context(&Arc::new(server));
    put(&ctx, set("own", "http://a/both", Some("1.0"), "own")).await;
    assert_eq!(title(&ctx, "http://a/base").await.as_deref(), Some("base"));
    assert_eq!(title(&ctx, "http://a/both").await.as_deref(), Some("own"));
}

/// Many write the same and other resources at once; the library ends as the store does.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn commits_that_end_together_leave_the_last_one() {
    on_both(async |ctx| {
        let _ = library(&ctx).await;
        let writers = (0..8).map(|writer| {
            let ctx = ctx.clone();
            tokio::spawn(async move {
                for round in 0..20 {
                    let id = format!("r{}", round % 3);
                    if (writer + round) % 5 == 0 {
                        delete(&ctx, DeleteRequest { key: key(&id), if_match: None }).await.expect("deleted");
                    } else {
                        put(&ctx, set(&id, &format!("http://a/{id}"), None, &format!("{writer}-{round}"))).await;
                    }
                }
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.expect("it ends");
        }
        for id in ["r0", "r1", "r2"] {
            let stored = ctx.store().read(TENANT, &key(id)).await.expect("read").and_then(|version| version.text().cloned());
            let stored = stored.map(|text| json::parse(&text).expect("JSON"));
            let stored = stored.as_ref().and_then(|stored| stored.text("title")).map(str::to_owned);
            assert_eq!(title(&ctx, &format!("http://a/{id}")).await, stored, "{id}");
        }
    })
    .await;
}

/// A large code system is kept small, and costs other commits nothing: they do not touch it.
#[tokio::test(flavor = "multi_thread")]
async fn a_large_code_system_is_found_whole() {
    on_both(async |ctx| {
        let concepts: Vec<Value> = (0..20_000).map(|number| object! { "code": format!("c{number}"), "display": format!("Concept {number}") }).collect();
        let system = object! {
            "resourceType": "CodeSystem", "id": "big", "url": "http://a/big", "status": "active", "content": "complete", "concept": concepts,
        };
        let big = Key::new(ResourceType::parse("CodeSystem").expect("a type"), "big");
        update(&ctx, UpdateRequest { key: big, resource: system, if_match: None, if_absent: false }).await.expect("it is written");
        let library = library(&ctx).await;
        let find = || library.find("CodeSystem", &Canonical::parse("http://a/big")).expect("it is there");
        let found = find();
        assert_eq!(found.list("concept").count(), 20_000);
        put(&ctx, set("a", "http://a/a", None, "small")).await;
        assert!(Arc::ptr_eq(&found, &find()), "as long as somebody has it, it is not read again");
    })
    .await;
}
