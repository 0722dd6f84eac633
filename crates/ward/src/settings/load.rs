//! Settings from their sources.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::Origin;
use super::table::{Setting, Settings, TABLE};

/// What the command line says of settings.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The settings file that was asked for; `ward.toml` in the working directory, if there is one, when `None`.
    pub file: Option<PathBuf>,
    /// Keys and values of flags, later ones over earlier ones.
    pub flags: Vec<(String, String)>,
}

/// The settings, and where each came from, in the order of [`TABLE`].
///
/// Fails with every problem at once: unknown keys, values that do not fit, a file that cannot be read.
pub fn load(sources: &Sources, environment: impl Iterator<Item = (String, String)>) -> Result<(Settings, Vec<Origin>), Vec<String>> {
    let mut settings = Settings::defaults().map_err(|error| vec![error])?;
    let mut origins = vec![Origin::Default; TABLE.len()];
    let mut problems = Vec::new();
    let mut apply = |key: &str, value: &str, origin: Origin| match find(key) {
        Ok((index, setting)) => match (setting.set)(&mut settings, value) {
            Ok(()) => origins[index] = origin,
            Err(error) if SECRETS.contains(&key) => problems.push(format!("{key} ({origin}) is not accepted: {error}")),
            Err(error) => problems.push(format!("{key} = {value:?} ({origin}) is not accepted: {error}")),
        },
        Err(hint) => problems.push(format!("unknown setting {key} ({origin}){hint}")),
    };

    let mut file_problem = None;
    match read_file(sources) {
        Ok(Some((name, values))) => {
            values.iter().for_each(|(key, value)| apply(key, value, Origin::File(name.clone())));
        }
        Ok(None) => {}
        Err(problem) => file_problem = Some(problem),
    }
    let mut environment: Vec<_> = environment.collect();
    environment.sort();
    for (name, value) in environment {
        if let Some(key) = name.strip_prefix("WARD_").filter(|key| !NOT_SETTINGS.contains(key)) {
            apply(&key.to_lowercase(), &value, Origin::Environment(name.clone()));
        }
    }
    sources.flags.iter().for_each(|(key, value)| apply(key, value, Origin::Flag));

    problems.extend(file_problem);
    problems.extend(settings.sealing_problem());
    if problems.is_empty() { Ok((settings, origins)) } else { Err(problems) }
}

/// Settings in whose values a secret may stand, so that none is repeated.
const SECRETS: [&str; 1] = ["smtp_url"];

/// Variables that begin with `WARD_` and are none: those of the tests of the repository, and the token for another server.
const NOT_SETTINGS: [&str; 3] = ["SHARED", "SEED", "TOKEN"];

fn find(key: &str) -> Result<(usize, &'static Setting), String> {
    TABLE.iter().enumerate().find(|(_, setting)| setting.key == key).ok_or_else(|| {
        match fhir::nearest(key, TABLE.iter().map(|setting| setting.key)) {
            Some(known) => format!(": did you mean {known}?"),
            None => ": `ward config show` lists all settings".to_owned(),
        }
    })
}

type FileValues = (String, BTreeMap<String, String>);

fn read_file(sources: &Sources) -> Result<Option<FileValues>, String> {
    let path = sources.file.clone().unwrap_or_else(|| PathBuf::from("ward.toml"));
    let name = path.display().to_string();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && sources.file.is_none() => return Ok(None),
        Err(error) => return Err(format!("the settings file {name} cannot be read: {error}")),
    };
    let table: toml::Table = text.parse().map_err(|error| format!("the settings file {name} is not TOML: {error}"))?;
    let mut values = BTreeMap::new();
    for (key, value) in table {
        let text = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(truth) => truth.to_string(),
            other => return Err(format!("{key} in {name} must be a text, a number or a boolean, not {}", other.type_str())),
        };
        values.insert(key, text);
    }
    Ok(Some((name, values)))
}

impl Settings {
    /// The key, the value and the origin of every setting.
    pub fn rows<'a>(&'a self, origins: &'a [Origin]) -> impl Iterator<Item = (&'static Setting, String, &'a Origin)> {
        TABLE.iter().zip(origins).map(|(setting, origin)| (setting, (setting.show)(self), origin))
    }
}
