//! Answer lists (`LL…`) and answers (`LA…`).

use std::collections::HashMap;

use super::super::Load;
use crate::source::{Dialect, Rows};
use crate::{Failure, NewDesignation, Property, ValueType};

/// Reads them where they are. An answer has its lists as the property LIST and the terms that it may answer as answers-for; a term has its lists
/// as answer-list.
pub(super) fn read(load: &mut Load<'_>) -> Result<(), Failure> {
    let terms = links(load)?;
    let source = load.source;
    let Some(file) = source.find(|name| name == "answerlist.csv") else { return Ok(()) };
    let list_property = declare(load, "LIST")?;
    let answers_for = declare(load, "answers-for")?;
    source.read(file, |reader| {
        let mut rows = Rows::with_header(reader, &file.name, Dialect::Comma)?;
        let (list, list_name) = (rows.column("AnswerListId")?, rows.column("AnswerListName")?);
        let (answer, text) = (rows.column("AnswerStringId")?, rows.column("DisplayText")?);
        while rows.next()? {
            load.count(&file.name);
            let list = rows.need(list)?;
            load.writer.concept(list)?;
            load.writer.designation(list, &NewDesignation::display(rows.get(list_name)))?;
            // A list that others define has no answers here.
            let answer = rows.get(answer);
            if answer.is_empty() {
                continue;
            }
            load.writer.concept(answer)?;
            load.writer.designation(answer, &NewDesignation::display(rows.get(text)))?;
            load.writer.value(answer, list_property, list)?;
            for term in terms.get(list).into_iter().flatten() {
                load.writer.value(answer, answers_for, term)?;
            }
        }
        Ok(())
    })
}

fn declare(load: &mut Load<'_>, name: &str) -> Result<usize, Failure> {
    load.writer.declare(Property { code: name.into(), uri: format!("http://loinc.org/property/{name}").into(), kind: ValueType::Code })
}

/// The terms of each list.
fn links(load: &mut Load<'_>) -> Result<HashMap<String, Vec<String>>, Failure> {
    let mut terms: HashMap<String, Vec<String>> = HashMap::new();
    let source = load.source;
    let Some(file) = source.find(|name| name == "loincanswerlistlink.csv") else { return Ok(terms) };
    let answer_list = declare(load, "answer-list")?;
    source.read(file, |reader| {
        let mut rows = Rows::with_header(reader, &file.name, Dialect::Comma)?;
        let (term, list) = (rows.column("LoincNumber")?, rows.column("AnswerListId")?);
        while rows.next()? {
            load.count(&file.name);
            let (term, list) = (rows.need(term)?, rows.need(list)?);
            load.writer.value(term, answer_list, list)?;
            terms.entry(list.to_owned()).or_default().push(term.to_owned());
        }
        Ok(())
    })?;
    Ok(terms)
}
