//! SNOMED CT in Release Format 2 (<https://confluence.ihtsdotools.org/display/DOCRELFMT>): a snapshot, or a full release, of which the newest
//! state counts.
//!
//! Read are concepts, descriptions, relationships (also those with concrete values), reference sets of languages, and simple reference sets. OWL
//! expressions are not.

mod components;
mod descriptions;
mod relationships;

use std::collections::BTreeMap;

use super::{Load, Loader, digits_in, one};
use crate::source::{Entry, Source};
use crate::{Failure, Property, ValueType};

pub(super) const LOADER: Loader = Loader { name: "snomed-ct", title: "SNOMED CT (Release Format 2)", jobs, load };

const SYSTEM: &str = "http://snomed.info/sct";
/// The module of the international edition.
const CORE: &str = "900000000000207008";
/// The module of what SNOMED says about itself.
const MODEL: &str = "900000000000012004";
/// The definition status of a concept whose relationships define it whole.
const DEFINED: &str = "900000000000073002";

fn jobs(source: &Source) -> Vec<String> {
    one(!files(source, "sct2_concept_").is_empty())
}

/// The files of a kind: those of the snapshot, or, when there is none, of the full release.
fn files<'a>(source: &'a Source, kind: &str) -> Vec<&'a Entry> {
    let of = |release: &str| {
        let is_it = |name: &str| name.starts_with(kind) && name.ends_with(".txt") && name.contains(release);
        source.files().iter().filter(|file| is_it(file.base().trim_start_matches('x'))).collect::<Vec<_>>()
    };
    let snapshot = of("snapshot");
    if snapshot.is_empty() { of("full") } else { snapshot }
}

fn load(load: &mut Load<'_>) -> Result<(), Failure> {
    let about = load.writer.about_mut();
    about.url = SYSTEM.into();
    about.title = "SNOMED CT".into();
    about.language = "en".into();
    about.hierarchy_meaning = "is-a".into();
    about.value_set = "http://snomed.info/sct?fhir_vs".into();
    about.compositional = true;
    about.copyright = "This value includes content from SNOMED Clinical Terms® (SNOMED CT®), which is copyright of SNOMED International, and distributed by \
        agreement. Implementers of these specifications must have the appropriate SNOMED CT Affiliate license."
        .into();
    let modules = concepts(load)?;
    load.writer.about_mut().version = version(load.source, &modules).into();
    descriptions::read(load)?;
    relationships::read(load)?;
    members(load)
}

/// Reads the concepts; tells how many each module has.
fn concepts(load: &mut Load<'_>) -> Result<BTreeMap<String, u64>, Failure> {
    let property = |code: &str, kind| Property { code: code.into(), uri: format!("{SYSTEM}#{code}").into(), kind };
    let module = load.writer.declare(property("moduleId", ValueType::Code))?;
    let defined = load.writer.declare(property("sufficientlyDefined", ValueType::Boolean))?;
    let changed = load.writer.declare(property("effectiveTime", ValueType::String))?;
    let mut modules = BTreeMap::new();
    let source = load.source;
    let newest = components::newest(load, &files(source, "sct2_concept_"), &["moduleId", "definitionStatusId"])?;
    newest.each(|component| {
        let writer = &mut *load.writer;
        let [module_id, status] = component.fields() else { return Ok(()) };
        *modules.entry((*module_id).to_owned()).or_default() += 1;
        writer.concept(component.id)?;
        if !component.is_active {
            writer.inactive(component.id)?;
        }
        writer.value(component.id, module, module_id)?;
        writer.value(component.id, changed, component.time)?;
        writer.value(component.id, defined, if *status == DEFINED { "true" } else { "false" })
    })?;
    Ok(modules)
}

/// Simple reference sets: a member is a concept, and what is none is left out.
fn members(load: &mut Load<'_>) -> Result<(), Failure> {
    let source = load.source;
    let newest = components::newest(load, &files(source, "der2_refset_"), &["refsetId", "referencedComponentId"])?;
    newest.each(|component| match component.fields() {
        [set, member] if component.is_active => load.writer.member(member, set),
        _ => Ok(()),
    })
}

/// The version of the edition: its module and its date (<http://hl7.org/fhir/R4/snomedct.html>). The edition is the module that brings most
/// beside the international one.
fn version(source: &Source, modules: &BTreeMap<String, u64>) -> String {
    let of_extension = modules.iter().filter(|(module, _)| !matches!(module.as_str(), CORE | MODEL)).max_by_key(|(_, count)| **count);
    let edition = of_extension.map_or(CORE, |(module, _)| module);
    let file = files(source, "sct2_concept_").first().map(|file| file.base()).unwrap_or_default();
    let date = digits_in(&file, 8).unwrap_or_default();
    format!("{SYSTEM}/{edition}/version/{date}")
}
