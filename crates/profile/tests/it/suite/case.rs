//! The cases of the manifest.

use fhir::Value;

use super::files::Files;

/// A resource that is validated, once or several times.
pub struct Case {
    pub name: String,
    pub module: String,
    pub file: String,
    /// Whether what references point to is to be judged.
    pub follows_references: bool,
    /// Whether texts that look like HTML are to be told.
    pub asks_for_security: bool,
    pub runs: Vec<Run>,
}

/// One validation: by the base alone and what the resource claims, or by a profile.
pub struct Run {
    pub kind: &'static str,
    pub profile: Option<String>,
    pub supporting: Vec<String>,
    pub packages: Vec<String>,
    java: Value,
}

/// All cases, in the order of the manifest.
pub fn cases(files: &Files) -> Vec<Case> {
    let manifest = files.resource("manifest.json").expect("the manifest can be read");
    manifest.list("test-cases").map(Case::of).collect()
}

impl Case {
    fn of(case: &Value) -> Self {
        let text = |name: &str| case.text(name).unwrap_or_default().to_owned();
        let mut runs = vec![Run::of("base", case, case)];
        runs.extend(case.get("profile").map(|profile| Run::of("profile", profile, case)));
        let module = case.text("module").unwrap_or("none").to_owned();
        Self {
            name: text("name"),
            module,
            file: text("file"),
            follows_references: case.get("validateReference").is_some(),
            asks_for_security: ["security-checks", "noHtmlInMarkdown"].iter().any(|name| case.get(name) == Some(&Value::Bool(true))),
            runs,
        }
    }
}

impl Run {
    fn of(kind: &'static str, run: &Value, case: &Value) -> Self {
        let texts = |value: &Value, name: &str| value.list(name).filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>();
        // What the run by a profile brings is not there yet in the run without it, but for packages.
        let both = |name: &str| {
            let mut all = texts(case, name);
            all.extend(case.get("profile").filter(|_| kind != "base" || name == "packages").into_iter().flat_map(|profile| texts(profile, name)));
            all
        };
        let mut supporting = both("supporting");
        supporting.extend(both("profiles"));
        let profile = if kind == "base" { None } else { run.text("source").map(str::to_owned) };
        Self { kind, profile, supporting, packages: both("packages"), java: run.get("java").cloned().unwrap_or(Value::Null) }
    }

    /// Whether what was recorded is the verdict by another version of FHIR.
    pub fn is_of_other_version(&self) -> bool {
        self.java.as_str().is_some_and(|name| name.contains("/R5."))
    }

    /// What the reference validator found.
    pub fn outcome(&self, files: &Files) -> Option<Value> {
        match &self.java {
            Value::String(name) => files.resource(&format!("outcomes/{name}")).ok(),
            Value::Object(object) => Some(object.get("outcome").cloned().unwrap_or_else(|| self.java.clone())),
            _ => None,
        }
    }
}
