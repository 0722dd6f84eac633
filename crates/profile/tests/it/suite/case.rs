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

/// One validation: by the base alone and what the resource claims, by a profile, or as an instance of a logical model.
pub struct Run {
    pub kind: &'static str,
    pub profile: Option<String>,
    /// The address of the logical model.
    pub model: Option<String>,
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
        runs.extend(case.get("logical").map(|logical| Run::of("logical", logical, case)));
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
        let both = |name: &str| [texts(case, name), texts(run, name)].concat();
        let mut supporting = both("supporting");
        supporting.extend(both("profiles"));
        // Packages stay where they are once they are loaded: the first run has those of the second.
        let mut packages = both("packages");
        packages.extend(case.get("profile").into_iter().flat_map(|profile| texts(profile, "packages")));
        let profile = if kind == "profile" { run.text("source").map(str::to_owned) } else { None };
        let model = if kind == "logical" { run.text("format").map(str::to_owned) } else { None };
        Self { kind, profile, model, supporting, packages, java: run.get("java").cloned().unwrap_or(Value::Null) }
    }

    /// Whether what was recorded is the verdict by another version of FHIR.
    pub fn is_of_other_version(&self) -> bool {
        self.java.as_str().is_some_and(|name| name.contains("/R5."))
    }

    /// The errors that the reference validator found; `None` when nothing is recorded.
    pub fn errors(&self, files: &Files) -> Option<Vec<String>> {
        let is_error = |issue: &&Value| matches!(issue.text("severity"), Some("error" | "fatal"));
        let words = |issue: &Value| {
            issue.get("details").and_then(|details| details.text("text")).or(issue.text("diagnostics")).unwrap_or_default().to_owned()
        };
        let outcome = match &self.java {
            Value::String(name) => files.resource(&format!("outcomes/{name}")).ok()?,
            Value::Object(java) => match java.get("errorCount").and_then(Value::as_number) {
                // The older form has no outcome.
                Some("0") => return Some(Vec::new()),
                Some(count) => return Some(vec![format!("{count} errors")]),
                None => java.get("outcome").unwrap_or(&self.java).clone(),
            },
            _ => return None,
        };
        Some(outcome.list("issue").filter(is_error).map(words).collect())
    }
}
