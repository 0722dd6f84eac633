//! Questions of terminology over HTTP, beside reads by id of the same server.

use crate::bench::{Bench, no_errors};
use crate::files::write_ndjson;
use crate::load::Measured;
use crate::page::Report;
use crate::page::line::{Line, figure, median};
use crate::reads::CONNECTIONS;
use crate::server::Server;
use crate::{Failure, hospital, load, requests, ward};

use super::loading::{self, Sources};
use super::skipped;

const SYSTEM: &str = "http://hl7.org/fhir/sid/icd-10-cm";

/// The value set of all its codes, as it stands in an address.
const ALL: &str = "http%3A%2F%2Fhl7.org%2Ffhir%2Fsid%2Ficd-10-cm%3Ffhir_vs";

/// Which share of the rate of reads a question should reach.
const SHARE: f64 = 0.60;

/// Within how many milliseconds 99 of 100 expansions should be answered.
const EXPANSION_MS: f64 = 10.0;

/// How many connections ask for expansions: about as many as there are people who type at the same moment.
const TYPING: usize = 16;

/// How many different codes, and texts, are asked for.
const DIFFERENT: usize = 10_000;

/// A code and its display.
type Concept = (String, String);

/// What is asked about a code: path and query.
type Asked = fn(&str) -> String;

/// Questions that are measured beside reads: a name, and what is asked for a code.
const QUESTIONS: [(&str, Asked); 3] = [
    ("`$validate-code` in a code system", |code| format!("/fhir/CodeSystem/$validate-code?url={SYSTEM}&code={code}")),
    ("`$validate-code` in a value set", |code| format!("/fhir/ValueSet/$validate-code?url={ALL}&system={SYSTEM}&code={code}")),
    ("`$lookup`", |code| format!("/fhir/CodeSystem/$lookup?system={SYSTEM}&code={code}")),
];

/// Loads, and asks.
pub async fn measure(bench: &mut Bench, report: &mut Report) -> Result<(), Failure> {
    let (Some(sources), Some(list)) = (Sources::find(), published::data("codes/icd-10-cm/icd10cm-2026-04-01.tsv.gz")) else {
        report.lines.push(skipped("questions of terminology, and loading what they are about"));
        return Ok(());
    };
    let concepts = concepts(&String::from_utf8(published::gunzip(&list))?);
    let data_dir = loading::measure(bench, &sources, &about_each(&concepts), report).await?;
    let file = bench.scratch.path("terminology.ndjson");
    write_ndjson(bench.hospital().iter(), &file)?;
    ward::import(&bench.arguments.ward, &data_dir, &[file])?;
    let server = Server::ward(&bench.arguments.ward, &data_dir)?;
    server.first_answer_ms("/health/ready").await?;
    beside_reads(bench, &server, &concepts, report).await?;
    expansions(bench, &server, &concepts, report).await?;
    server.stop()
}

/// Each question and reads by id, in turn.
async fn beside_reads(bench: &mut Bench, server: &Server, concepts: &[Concept], report: &mut Report) -> Result<(), Failure> {
    let reads = hospital::of_type(bench.hospital(), "Observation").take(20_000);
    let reads: Vec<String> = reads.map(|one| format!("/fhir/Observation/{}", hospital::id(one))).collect();
    let mut costs = Vec::new();
    for (name, path) in QUESTIONS {
        let paths: Vec<String> = concepts.iter().map(|(code, _)| path(code)).collect();
        let (mut rates, mut p99_ms, mut cpu_us) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..bench.arguments.rounds {
            let (read, _) = asked(bench, server, CONNECTIONS, &reads).await?;
            let (ours, us) = asked(bench, server, CONNECTIONS, &paths).await?;
            rates.push((ours.rate, read.rate));
            p99_ms.push(ours.percentile_ms(0.99));
            cpu_us.push(us);
        }
        report.lines.push(Line::ratio(&format!("{name}, 64 connections"), "/s", &rates, "reads by id", SHARE));
        report.lines.push(Line::at_most("its 99th percentile", "ms", &p99_ms, None));
        costs.push(format!("{name} {} µs", figure(median(cpu_us))));
    }
    report.text.push_str(&format!(
        "Questions: {} codes of ICD-10-CM, in scattered order. Processor time of the server for one: {}.\n\n",
        concepts.len(),
        costs.join(", "),
    ));
    Ok(())
}

/// Expansions of all of ICD-10-CM by what somebody types: the beginnings of two words of a display.
async fn expansions(bench: &mut Bench, server: &Server, concepts: &[Concept], report: &mut Report) -> Result<(), Failure> {
    let typed = |(_, display): &Concept| {
        let words = display.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| word.len() > 3);
        words.take(2).map(|word| word[..4].to_lowercase()).collect::<Vec<_>>().join("+")
    };
    let path = |concept| format!("/fhir/ValueSet/$expand?url={ALL}&filter={}&count=20", typed(concept));
    let paths: Vec<String> = concepts.iter().map(path).collect();
    let (mut rates, mut p99_ms, mut cpu_us) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..bench.arguments.rounds {
        let (measured, us) = asked(bench, server, TYPING, &paths).await?;
        rates.push(measured.rate);
        p99_ms.push(measured.percentile_ms(0.99));
        cpu_us.push(us);
    }
    let work = format!("`$expand` of ICD-10-CM with a text filter, 20 codes, {TYPING} connections: 99th percentile");
    report.lines.push(Line::at_most(&work, "ms", &p99_ms, Some(EXPANSION_MS)));
    report.lines.push(Line::at_most("its rate", "/s", &rates, None));
    report.text.push_str(&format!(
        "Expansions: the first four letters of two words of a display, of {} displays; {} µs of the processor each. Nothing of them is kept.\n",
        paths.len(),
        figure(median(cpu_us)),
    ));
    Ok(())
}

/// A round of load, and what an answer cost the server in microseconds; the warming up counts as part of the round.
async fn asked(bench: &Bench, server: &Server, connections: usize, paths: &[String]) -> Result<(Measured, f64), Failure> {
    let (before, seconds) = (server.cpu_seconds(), bench.arguments.seconds);
    let measured = load::run(&server.address, connections, seconds, requests::gets(&server.address, paths)).await;
    no_errors("questions", measured.errors)?;
    let us = (server.cpu_seconds() - before) * seconds / (seconds + 1.0) * 1e6 / (measured.rate * seconds);
    Ok((measured, us))
}

/// Codes with their displays from a list with columns: code, parent, chapter, whether it is a leaf, display.
fn concepts(list: &str) -> Vec<Concept> {
    let lines: Vec<&str> = list.lines().skip(1).collect();
    let concept = |line: &&str| {
        let mut columns = line.split('\t');
        let code = columns.next()?.to_owned();
        // Chapters and blocks are no codes that a record has.
        code.contains('.').then_some((code, columns.next_back()?.to_owned()))
    };
    let all: Vec<Concept> = lines.iter().filter_map(concept).collect();
    let step = all.len().div_ceil(DIFFERENT).max(1);
    all.into_iter().step_by(step).collect()
}

/// Questions about everything that is loaded.
fn about_each(concepts: &[Concept]) -> Vec<String> {
    const US_CORE: &str = "http://hl7.org/fhir/us/core";
    let (code, _) = &concepts[0];
    let mut questions: Vec<String> = QUESTIONS.iter().map(|(_, path)| path(code)).collect();
    questions.rotate_right(1);
    questions.extend([
        "/fhir/CodeSystem/$lookup?system=http://snomed.info/sct&code=22298006".to_owned(),
        "/fhir/ValueSet/$expand?url=http%3A%2F%2Fsnomed.info%2Fsct%3Ffhir_vs&filter=infarct&count=20".to_owned(),
        format!("/fhir/ValueSet/$expand?url={ALL}&filter=diab&count=20"),
        format!("/fhir/ValueSet/$expand?url={US_CORE}/ValueSet/us-core-documentreference-category"),
        format!("/fhir/StructureDefinition?url={US_CORE}/StructureDefinition/us-core-patient"),
    ]);
    questions
}
