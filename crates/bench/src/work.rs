//! What is measured, in order.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use fhir::Value;

use crate::page::{Figure, Reading, render};
use crate::server::Server;
use crate::{Failure, data, load, raw};

/// How often each measurement is taken.
const ROUNDS: usize = 3;

/// How long a round of load lasts, in seconds.
const ROUND_SECONDS: f64 = 4.0;

/// How many connections there are.
const CONNECTIONS: usize = 64;

/// How many patients the hospital of the measurements has.
const PATIENTS: u32 = 400;

struct Bench {
    ward: PathBuf,
    folder: PathBuf,
    resources: Vec<Value>,
    figures: Vec<Figure>,
    readings: Vec<Reading>,
}

/// Measures everything and writes the page.
pub async fn run(ward: &Path, output: &Path) -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("ward-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let resources = data::hospital(PATIENTS);
    let mut bench = Bench { ward: ward.canonicalize()?, folder: folder.clone(), resources, figures: Vec::new(), readings: Vec::new() };
    let result = bench.all().await;
    let page = render(&machine(bench.resources.len()), &bench.figures, &bench.readings);
    let removed = std::fs::remove_dir_all(&folder);
    result?;
    removed?;
    std::fs::write(output, &page)?;
    println!("{page}");
    Ok(())
}

impl Bench {
    async fn all(&mut self) -> Result<(), Failure> {
        self.start().await?;
        let rows = data::rows(&self.resources)?;
        self.import(&rows).await?;
        let served = self.folder.join("import-0");
        let server = Server::ward(&self.ward, &served)?;
        let started = vec![server.first_answer("/fhir/metadata").await?.as_secs_f64() * 1000.0];
        let name = format!("start on {} resources, right after their import", rows.len());
        self.readings.push(Reading { name, rounds: started, unit: "ms", at_most: None });
        self.read(&server).await?;
        self.searches(&server).await?;
        self.create(&server, &rows).await?;
        let memory = vec![server.memory_bytes() as f64 / 1e6];
        self.readings.push(Reading { name: "memory after all of it".into(), rounds: memory, unit: "MB", at_most: Some(400.0) });
        Ok(())
    }

    async fn start(&mut self) -> Result<(), Failure> {
        let (mut times, mut memories) = (Vec::new(), Vec::new());
        let data_dir = self.folder.join("start");
        for _ in 0..5 {
            let server = Server::ward(&self.ward, &data_dir)?;
            times.push(server.first_answer("/fhir/metadata").await?.as_secs_f64() * 1000.0);
            memories.push(server.memory_bytes() as f64 / 1e6);
        }
        self.readings.push(Reading {
            name: "start to the first 200 of /fhir/metadata, a new database".into(),
            rounds: times,
            unit: "ms",
            at_most: Some(200.0),
        });
        self.readings.push(Reading { name: "memory then".into(), rounds: memories, unit: "MB", at_most: Some(80.0) });
        Ok(())
    }

    async fn import(&mut self, rows: &[raw::Row]) -> Result<(), Failure> {
        let file = self.folder.join("hospital.ndjson");
        data::write_ndjson(&self.resources, &file)?;
        let mut rounds = Vec::new();
        for round in 0..ROUNDS {
            let folder = self.folder.join(format!("raw-{round}"));
            std::fs::create_dir_all(&folder)?;
            let limit = raw::insert(&folder, rows, 1000)?;
            let data_dir = self.folder.join(format!("import-{round}"));
            let output = Command::new(&self.ward)
                .arg("--data-dir")
                .arg(&data_dir)
                .args(["--json", "import"])
                .arg(&file)
                .current_dir(&self.folder)
                .output()?;
            let summary = fhir::json::parse(&output.stdout)
                .map_err(|error| format!("import: {error}: {}", String::from_utf8_lossy(&output.stderr)))?;
            let rate = summary.get("per_second").and_then(Value::as_number).unwrap_or("0").parse::<f64>()?;
            rounds.push((rate, limit));
            if round == 0 {
                let bytes = folder_bytes(&data_dir)? as f64 / rows.len() as f64;
                self.readings.push(Reading {
                    name: "bytes on disk per resource, truth and index".into(),
                    rounds: vec![bytes],
                    unit: "B",
                    at_most: Some(1200.0),
                });
            }
        }
        let against = "raw stores, one thread, groups of 1,000";
        self.figures.push(Figure { name: "`import` of NDJSON, parsing and checking included", against, rounds, at_least: 0.3 });
        Ok(())
    }

    async fn read(&mut self, server: &Server) -> Result<(), Failure> {
        let ids: Arc<Vec<String>> = Arc::new(self.observations().filter_map(|resource| resource.text("id").map(str::to_owned)).collect());
        let body = self.folder.join("body.json");
        let typical = self.observations().next().map(fhir::json::to_string).ok_or("no observation")?;
        std::fs::write(&body, &typical)?;
        let bare = Server::bare(&body)?;
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            let limit = load::run(&bare.address, CONNECTIONS, ROUND_SECONDS, get(&bare.address, ids.clone())).await;
            let ours = load::run(&server.address, CONNECTIONS, ROUND_SECONDS, get(&server.address, ids.clone())).await;
            no_errors("read", ours.errors)?;
            rounds.push((ours.rate, limit.rate));
        }
        let against = "a bare axum handler, same bytes from memory";
        self.figures.push(Figure { name: "read by id, 64 connections", against, rounds, at_least: 0.4 });
        Ok(())
    }

    async fn create(&mut self, server: &Server, rows: &[raw::Row]) -> Result<(), Failure> {
        let bodies: Arc<Vec<String>> = Arc::new(self.observations().take(5000).map(without_id).collect());
        let mut rounds = Vec::new();
        for round in 0..ROUNDS {
            let folder = self.folder.join(format!("raw-create-{round}"));
            std::fs::create_dir_all(&folder)?;
            let limit = raw::insert(&folder, &rows[..rows.len().min(20_000)], 64)?;
            let address = server.address.clone();
            let bodies = bodies.clone();
            let make: load::MakeRequest = Arc::new(move |n| {
                let body = &bodies[n as usize % bodies.len()];
                let head = format!(
                    "POST /fhir/Observation HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/fhir+json\r\nContent-Length: {}\r\n\r\n",
                    body.len()
                );
                [head.as_bytes(), body.as_bytes()].concat()
            });
            let ours = load::run(&server.address, CONNECTIONS, ROUND_SECONDS, make).await;
            no_errors("create", ours.errors)?;
            rounds.push((ours.rate, limit));
        }
        let against = "raw stores, one thread, groups of 64";
        self.figures.push(Figure { name: "durable create, 64 connections", against, rounds, at_least: 0.3 });
        Ok(())
    }

    async fn searches(&mut self, server: &Server) -> Result<(), Failure> {
        let patients: Vec<String> = self.of_type("Patient").filter_map(|patient| patient.text("id").map(str::to_owned)).collect();
        let paths: [(&str, &str); 3] = [
            (
                "Observation by patient and code, newest 20",
                "/fhir/Observation?patient={}&code=http://loinc.org%7C8867-4&_count=20&_sort=-date",
            ),
            ("Observation by patient, newest 20", "/fhir/Observation?patient={}&_count=20"),
            ("Patient by family name", "/fhir/Patient?family=S&_count=20"),
        ];
        for (name, path) in paths {
            let requests: Vec<String> = patients.iter().map(|id| path.replace("{}", id)).collect();
            let requests = Arc::new(requests);
            let (mut rates, mut p99) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                let (address, requests) = (server.address.clone(), requests.clone());
                let make: load::MakeRequest = Arc::new(move |n| {
                    format!("GET {} HTTP/1.1\r\nHost: {address}\r\n\r\n", requests[n as usize % requests.len()]).into_bytes()
                });
                let measured = load::run(&server.address, CONNECTIONS, ROUND_SECONDS / 2.0, make).await;
                no_errors(name, measured.errors)?;
                rates.push(measured.rate);
                p99.push(measured.p99_us as f64 / 1000.0);
            }
            self.readings.push(Reading { name: format!("search: {name}"), rounds: rates, unit: "/s", at_most: None });
            self.readings.push(Reading { name: "its 99th percentile at 64 connections".into(), rounds: p99, unit: "ms", at_most: None });
        }
        Ok(())
    }

    fn of_type(&self, kind: &'static str) -> impl Iterator<Item = &Value> {
        self.resources.iter().filter(move |resource| resource.resource_type() == Some(kind))
    }

    fn observations(&self) -> impl Iterator<Item = &Value> {
        self.of_type("Observation")
    }
}

fn get(address: &str, ids: Arc<Vec<String>>) -> load::MakeRequest {
    let address = address.to_owned();
    // A step that has no common factor with most lengths goes through the ids in a scattered order.
    Arc::new(move |n| {
        let id = &ids[(n as usize).wrapping_mul(7919) % ids.len()];
        format!("GET /fhir/Observation/{id} HTTP/1.1\r\nHost: {address}\r\n\r\n").into_bytes()
    })
}

fn without_id(resource: &Value) -> String {
    let mut resource = resource.clone();
    if let Some(members) = resource.as_object_mut() {
        members.remove("id");
    }
    fhir::json::to_string(&resource)
}

fn no_errors(what: &str, errors: u64) -> Result<(), Failure> {
    if errors == 0 { Ok(()) } else { Err(format!("{what}: {errors} requests failed").into()) }
}

fn folder_bytes(folder: &Path) -> Result<u64, Failure> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += if metadata.is_dir() { folder_bytes(&entry.path())? } else { metadata.len() };
    }
    Ok(bytes)
}

fn machine(resources: usize) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find_map(|line| line.strip_prefix("model name")).map_or("unknown", |rest| rest.trim_start_matches([' ', '\t', ':']));
    format!(
        "Machine: {cores} cores ({model}), the load generator on the same machine. Ward {}, {resources} resources of the synthetic hospital.",
        env!("CARGO_PKG_VERSION")
    )
}
