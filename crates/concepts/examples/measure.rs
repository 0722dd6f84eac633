//! What concept tables cost: `cargo run --release -p concepts --example measure`. Prints figures, asserts nothing.
//!
//! Loads what is published in `../shared/data/codes`, then makes a code system of the size and shape of SNOMED CT, and asks both. Loads are told in
//! seconds of the clock, everything else in time that the one thread had a processor for.

use std::path::Path;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use concepts::{About, NewDesignation, NewTarget, Property, Search, Table, Tables, ValueType, Writer, loader};

type Failure = Box<dyn std::error::Error>;

/// With the path of a source, loads that one only.
fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let tables = Tables::new(folder.path());
    println!("| source | concepts | seconds | of a processor | KiB |\n|---|---|---|---|---|");
    if let Some(path) = std::env::args_os().nth(1) {
        load(&path.to_string_lossy(), Path::new(&path), &tables)?;
        println!("at most {} KiB in memory", peak()?);
        return Ok(());
    }
    for name in ["icd-10-cm", "icd-10-pcs", "snomed-gps", "loinc-subset", "cvx", "iso-codes", "bcp-47", "cdc-race-ethnicity", "ndc-sample"]
    {
        if let Some(path) = published::data(&format!("codes/{name}")) {
            load(name, &path, &tables)?;
        }
    }
    let before = resident()?;
    let start = Instant::now();
    let (opened, failures) = tables.open_all()?;
    println!(
        "\nopen {} tables: {:?}, {} KiB more in memory, {} failures",
        opened.len(),
        start.elapsed(),
        resident()? - before,
        failures.len()
    );
    if let Some(table) = opened.iter().find(|table| table.about().url.ends_with("icd-10-cm")) {
        ask("ICD-10-CM", table);
    }
    drop(opened);
    let start = Instant::now();
    let added = tables.add(like_snomed)?;
    println!("\nlike SNOMED CT: {:?} in {:?}, at most {} KiB in memory", added.summary, start.elapsed(), peak()?);
    let start = Instant::now();
    let table = Table::open(&added.path)?;
    println!("open: {:?}, {} KiB on disk", start.elapsed(), table.file_bytes() / 1024);
    for (part, bytes) in table.parts().filter(|(_, bytes)| *bytes > 100_000) {
        println!("  {part}: {} KiB", bytes / 1024);
    }
    ask("like SNOMED CT", &table);
    hierarchy(&table);
    println!("in memory after all that: {} KiB", resident()?);
    Ok(())
}

fn load(name: &str, path: &Path, tables: &Tables) -> Result<(), Failure> {
    let (start, busy_before) = (Instant::now(), busy());
    let added = loader::load(path, &loader::Options::default(), tables, &mut |_| {})?;
    let (elapsed, busy) = (start.elapsed().as_secs_f64(), (busy() - busy_before).as_secs_f64());
    let (mut concepts, mut bytes) = (0, 0);
    for added in &added {
        concepts += added.summary.concepts;
        bytes += std::fs::metadata(&added.path)?.len();
    }
    println!("| {name} | {concepts} | {elapsed:.2} | {busy:.2} | {} |", bytes / 1024);
    Ok(())
}

/// A line of `/proc/self/status`, in KiB.
fn status(line: &str) -> Result<u64, Failure> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let found = text.lines().find_map(|text| text.strip_prefix(line)).ok_or("no such line")?;
    Ok(found.split_whitespace().next().ok_or("no number")?.parse()?)
}

fn resident() -> Result<u64, Failure> {
    status("VmRSS:")
}

fn peak() -> Result<u64, Failure> {
    status("VmHWM:")
}

/// The same numbers each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % end as u64) as usize
    }
}

/// The time that this thread has had a processor for.
fn busy() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// How long one of `rounds` takes.
fn each(name: &str, rounds: u32, mut work: impl FnMut(u32)) {
    let start = busy();
    (0..rounds).for_each(&mut work);
    println!("  {name}: {:?}", (busy() - start) / rounds);
}

fn ask(name: &str, table: &Table) {
    println!("\n{name}: {} concepts", table.len());
    let mut numbers = Numbers(1);
    let codes: Vec<String> = (0..200_000).map(|_| table.code(numbers.below(table.len() as usize) as u32).to_owned()).collect();
    let mut found = 0u64;
    each("find a code", codes.len() as u32, |round| found += u64::from(table.find(&codes[round as usize]).is_some()));
    let mut text = String::new();
    each("find a code and write its display", codes.len() as u32, |round| {
        text.clear();
        if let Some(display) = table.find(&codes[round as usize]).and_then(|concept| table.display(concept, None)) {
            display.push_to(&mut text);
        }
    });
    assert_eq!(found, codes.len() as u64);
    let displays: Vec<String> =
        (0..2000).filter_map(|_| table.display(numbers.below(table.len() as usize) as u32, None)).map(|text| text.to_string()).collect();
    searches("one word, from its first letter on", table, &displays, |words, numbers| {
        let word = words[numbers.below(words.len())];
        word.chars().take(1 + numbers.below(8)).collect()
    });
    searches("two words, the second one being typed", table, &displays, |words, numbers| {
        let (first, second) = (words[numbers.below(words.len())], words[numbers.below(words.len())]);
        format!("{first} {}", second.chars().take(1 + numbers.below(4)).collect::<String>())
    });
    searches("a misspelt word", table, &displays, |words, numbers| {
        let longest = words.iter().max_by_key(|word| word.len()).copied().unwrap_or_default();
        let wrong = numbers.below(longest.len().max(1));
        longest.chars().enumerate().map(|(place, letter)| if place == wrong { 'q' } else { letter }).collect()
    });
}

fn searches(name: &str, table: &Table, displays: &[String], query: impl Fn(&[&str], &mut Numbers) -> String) {
    let mut numbers = Numbers(7);
    let mut times: Vec<Duration> = Vec::new();
    let mut total = 0;
    for display in displays {
        let words: Vec<&str> = display.split(' ').collect();
        let text = query(&words, &mut numbers);
        let start = busy();
        total += table.search(&Search { text: &text, limit: 20, ..Search::default() }).total;
        times.push(busy() - start);
    }
    times.sort_unstable();
    let at = |share: usize| times[(times.len() * share / 1000).min(times.len() - 1)];
    println!("  search, {name}: half below {:?}, 99 % below {:?}, {} found on average", at(500), at(990), total / displays.len());
}

fn hierarchy(table: &Table) {
    let mut numbers = Numbers(3);
    let mut any = || numbers.below(table.len() as usize) as u32;
    let pairs: Vec<(u32, u32)> = (0..200_000).map(|_| (any(), any())).collect();
    let mut above = 0;
    each("subsumes, any two", pairs.len() as u32, |round| {
        let (first, second) = pairs[round as usize];
        above += u32::from(table.is_ancestor(first, second));
    });
    let widest: Vec<u32> = table.roots().iter().chain(table.roots().iter().flat_map(|root| table.children(root))).take(64).collect();
    each("subsumes, the first below a root", pairs.len() as u32, |round| {
        above += u32::from(table.is_ancestor(widest[round as usize % widest.len()], pairs[round as usize].1));
    });
    each("ancestors", 20_000, |round| above += table.ancestors(pairs[round as usize].0).len() as u32);
    each("descendants, of one below a root", 200, |round| above += table.descendants(widest[round as usize % widest.len()]).len() as u32);
    each("relationships", 100_000, |round| above += table.relations(pairs[round as usize].0).count() as u32);
    let kinds: Vec<u32> = table.relation_kinds().collect();
    let targets = table.descendants(widest[0]);
    each("sources of a kind of relationship", 20, |round| {
        above += table.sources(kinds[round as usize % kinds.len()], &targets).len() as u32
    });
    println!("  ({above})");
}

const CONCEPTS: usize = 360_000;

/// 360,000 concepts with 1.7 parents, 3.3 descriptions and 2.5 attributes each; texts from a vocabulary in which few words are frequent and most are not.
fn like_snomed(writer: &mut Writer) -> Result<(), concepts::Failure> {
    writer.describe(About::new("urn:like-snomed", "1", ""));
    let defined = writer.declare(Property { code: "sufficientlyDefined".into(), uri: "".into(), kind: ValueType::Boolean })?;
    let mut numbers = Numbers(9);
    let code = |number: usize| format!("{}", 100_000_000 + number * 37);
    let word = |numbers: &mut Numbers| {
        let number = numbers.below(1 << 8) * numbers.below(1 << 8) * (1 + numbers.below(3)) / 2;
        format!(
            "{}{}{}",
            ["ka", "lo", "Mi", "ner", "pa", "ri", "sto", "vu"][number % 8],
            ["den", "gal", "hep", "itis"][number / 8 % 4],
            number / 32
        )
    };
    for number in 0..CONCEPTS {
        let own = code(number);
        writer.concept(&own)?;
        for _ in 0..3 + usize::from(numbers.below(3) == 0) {
            let text: Vec<String> = (0..3 + numbers.below(6)).map(|_| word(&mut numbers)).collect();
            writer.designation(&own, &NewDesignation::display(&text.join(" ")))?;
        }
        // Neighbours hang from neighbours, as in a code system that people have grown; some hang elsewhere too.
        let near = |numbers: &mut Numbers| number / 6 - numbers.below(1 + number / 6 / 20);
        for place in 0..if number == 0 { 0 } else { 1 + usize::from(numbers.below(10) < 7) } {
            let parent = if place > 0 && numbers.below(10) == 0 { numbers.below(1 + number / 6) } else { near(&mut numbers) };
            writer.parent(&own, &code(parent))?;
        }
        for _ in 0..numbers.below(6) {
            let (group, kind, target) = (numbers.below(3) as u32, code(1 + numbers.below(90)), code(numbers.below(CONCEPTS)));
            writer.relation(&own, group, &kind, NewTarget::Code(&target))?;
        }
        writer.value(&own, defined, if number % 5 == 0 { "true" } else { "false" })?;
    }
    Ok(())
}
