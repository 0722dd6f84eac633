//! ISO's codes of countries and their parts, of former countries, currencies, languages and scripts: the JSON files of iso-codes.

use serde_json::Value;

use super::json::{self, Visit, Want};
use super::{Load, Loader};
use crate::source::Source;
use crate::{Failure, NewDesignation, Property, ValueType};

pub(super) const LOADER: Loader = Loader { name: "iso", title: "ISO 3166, 4217, 639 and 15924 (iso-codes)", jobs, load };

/// A list.
struct List {
    file: &'static str,
    /// The member with the entries.
    member: &'static str,
    url: &'static str,
    title: &'static str,
    /// Each entry is a concept for each of these members.
    codes: &'static [&'static str],
    /// Other names.
    names: &'static [&'static str],
    /// Members that become properties.
    properties: &'static [&'static str],
}

const LISTS: [List; 6] = [
    List {
        file: "iso_3166-1.json",
        member: "3166-1",
        url: "urn:iso:std:iso:3166",
        title: "ISO 3166-1: codes of countries",
        codes: &["alpha_2", "alpha_3", "numeric"],
        names: &["official_name", "common_name"],
        properties: &["alpha_2", "alpha_3", "numeric"],
    },
    List {
        file: "iso_3166-2.json",
        member: "3166-2",
        url: "urn:iso:std:iso:3166:-2",
        title: "ISO 3166-2: codes of subdivisions of countries",
        codes: &["code"],
        names: &[],
        properties: &["type"],
    },
    List {
        file: "iso_3166-3.json",
        member: "3166-3",
        url: "urn:iso:std:iso:3166:-3",
        title: "ISO 3166-3: codes of formerly used names of countries",
        codes: &["alpha_4"],
        names: &["comment"],
        properties: &["alpha_2", "alpha_3", "numeric", "withdrawal_date"],
    },
    List {
        file: "iso_4217.json",
        member: "4217",
        url: "urn:iso:std:iso:4217",
        title: "ISO 4217: codes of currencies",
        codes: &["alpha_3"],
        names: &[],
        properties: &["numeric"],
    },
    List {
        file: "iso_639-2.json",
        member: "639-2",
        url: "urn:iso:std:iso:639:-2",
        title: "ISO 639-2: codes of languages",
        codes: &["alpha_3"],
        names: &["common_name"],
        properties: &["alpha_2", "bibliographic"],
    },
    List {
        file: "iso_15924.json",
        member: "15924",
        url: "urn:iso:std:iso:15924",
        title: "ISO 15924: codes of scripts",
        codes: &["alpha_4"],
        names: &[],
        properties: &["numeric"],
    },
];

fn jobs(source: &Source) -> Vec<String> {
    let is_there = |list: &&List| source.find(|name| name == list.file).is_some();
    LISTS.iter().filter(is_there).map(|list| list.file.to_owned()).collect()
}

fn load(load: &mut Load<'_>) -> Result<(), Failure> {
    let source = load.source;
    let list = LISTS.iter().find(|list| list.file == load.job);
    let (Some(list), Some(file)) = (list, source.find(|name| name == load.job)) else {
        return Err(Failure::FileMissing { path: source.path.clone(), file: "iso_3166-1.json" });
    };
    let about = load.writer.about_mut();
    about.url = list.url.into();
    about.title = list.title.into();
    about.language = "en".into();
    let mut properties = Vec::new();
    for name in list.properties {
        properties.push(load.writer.declare(Property { code: (*name).into(), uri: "".into(), kind: ValueType::String })?);
    }
    source.read(file, |reader| json::walk(reader, &file.name, &mut Entries { load, list, properties, file: &file.name }))
}

struct Entries<'a, 'b> {
    load: &'a mut Load<'b>,
    list: &'static List,
    properties: Vec<usize>,
    file: &'a str,
}

impl Visit for Entries<'_, '_> {
    fn want(&self, path: &[String]) -> Want {
        match path {
            [] => Want::Inside,
            [member] if member == self.list.member => Want::Each,
            _ => Want::Nothing,
        }
    }

    fn value(&mut self, _path: &[String], entry: Value) -> Result<(), Failure> {
        self.load.count(self.file);
        let name = json::need(&entry, "name")?;
        json::need(&entry, self.list.codes[0])?;
        for member in self.list.codes {
            let code = json::text(&entry, member);
            if code.is_empty() {
                continue;
            }
            self.load.writer.concept(code)?;
            self.load.writer.designation(code, &NewDesignation::display(name))?;
            for other in self.list.names {
                self.load.writer.designation(code, &NewDesignation::other(json::text(&entry, other), None))?;
            }
            for (property, member) in self.properties.iter().zip(self.list.properties) {
                self.load.writer.value(code, *property, json::text(&entry, member))?;
            }
        }
        Ok(())
    }
}
