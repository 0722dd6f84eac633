//! Translations: files such as `frFR18LinguisticVariant.csv`.

use super::super::Load;
use crate::source::{Dialect, Rows};
use crate::{Failure, NewDesignation, Rank};

/// Reads all that are there.
pub(super) fn read(load: &mut Load<'_>) -> Result<(), Failure> {
    let source = load.source;
    for file in source.files() {
        let Some(language) = language(file.name.rsplit('/').next().unwrap_or_default()) else { continue };
        source.read(file, |reader| {
            let mut rows = Rows::with_header(reader, &file.name, Dialect::Comma)?;
            let code = rows.column("LOINC_NUM")?;
            let names = ["LONG_COMMON_NAME", "LinguisticVariantDisplayName", "SHORTNAME"].map(|name| rows.column_if_any(name));
            let axes = ["COMPONENT", "PROPERTY", "TIME_ASPCT", "SYSTEM", "SCALE_TYP", "METHOD_TYP"].map(|name| rows.column_if_any(name));
            while rows.next()? {
                load.count(&file.name);
                let code = rows.need(code)?;
                let mut rank = Rank::Preferred;
                for name in names {
                    let text = rows.get_if_any(name);
                    load.writer.designation(code, &NewDesignation { language: &language, usage: None, rank, text })?;
                    if !text.is_empty() {
                        rank = Rank::Other;
                    }
                }
                // Some translations have the axes only.
                let parts: Vec<&str> = axes.iter().map(|axis| rows.get_if_any(*axis)).filter(|part| !part.is_empty()).collect();
                if rank == Rank::Preferred {
                    load.writer.designation(code, &NewDesignation { language: &language, usage: None, rank, text: &parts.join(":") })?;
                }
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// `fr-FR` of `frFR18LinguisticVariant.csv`.
fn language(name: &str) -> Option<String> {
    let start = name.strip_suffix("LinguisticVariant.csv")?;
    let (language, region) = (start.get(..2)?, start.get(2..4)?);
    let is_tag = language.bytes().all(|byte| byte.is_ascii_lowercase()) && region.bytes().all(|byte| byte.is_ascii_uppercase());
    is_tag.then(|| format!("{language}-{region}"))
}
