//! What a registry answers (<https://confluence.hl7.org/display/FHIR/NPM+Package+Specification>, as the npm registry does): `GET {registry}/{name}` lists the
//! versions of a package, each with the address of its file and its hash.

use fhir::{Issue, IssueCode, Value};
use sha1::Sha1;
use sha2::{Digest, Sha512};

use crate::codes;
use crate::range::Range;

/// The versions of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The name of the package.
    pub name: String,
    /// In the order of the answer.
    pub versions: Vec<Published>,
}

/// A version of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The version.
    pub version: String,
    /// Where its file is.
    pub tarball: String,
    /// The SHA-1 of the file, in hexadecimal digits.
    pub shasum: Option<String>,
    /// The SHA-512 of the file, in base64.
    pub sha512: Option<String>,
}

impl Listing {
    /// Reads the answer to `GET {registry}/{name}`.
    ///
    /// # Errors
    /// When it is no such list. Versions without an address for their file are left out.
    pub fn parse(name: &str, answer: &Value) -> Result<Self, Issue> {
        let bad = |rule: &str| Issue::error(codes::BAD_LISTING, IssueCode::Structure, "versions", format!("{name}: {rule}"));
        let versions = answer.get("versions").and_then(Value::as_object);
        let versions = versions.ok_or_else(|| bad("the registry's answer lists no versions: is it a registry of packages?"))?;
        Ok(Self { name: name.to_owned(), versions: versions.iter().filter_map(|(version, said)| published(version, said)).collect() })
    }

    /// The version to take.
    ///
    /// # Errors
    /// When the registry has none that is accepted: it names the newest ones it has.
    pub fn choose(&self, range: &Range) -> Result<&Published, Issue> {
        let names = || self.versions.iter().map(|published| published.version.as_str());
        let chosen = range.choose(names()).and_then(|chosen| self.versions.iter().find(|published| published.version == chosen));
        chosen.ok_or_else(|| {
            let mut known: Vec<&str> = names().collect();
            known.sort_by(|left, right| fhir::canonical::compare_versions(Some(right), Some(left)));
            known.truncate(5);
            let rule = format!("{}: the registry has no version {range}: the newest it has are {}", self.name, known.join(", "));
            Issue::error(codes::BAD_LISTING, IssueCode::NotFound, "versions", rule)
        })
    }
}

fn published(version: &str, said: &Value) -> Option<Published> {
    let dist = said.get("dist")?;
    let text = |member: &str| dist.text(member).filter(|text| !text.is_empty());
    Some(Published {
        version: version.to_owned(),
        tarball: text("tarball")?.to_owned(),
        shasum: text("shasum").map(str::to_ascii_lowercase),
        sha512: text("integrity")
            .and_then(|hashes| hashes.split_whitespace().find_map(|hash| hash.strip_prefix("sha512-")))
            .map(str::to_owned),
    })
}

impl Published {
    /// Whether the bytes are the file that the registry means. A version without a hash is refused: nobody could tell.
    ///
    /// # Errors
    /// When a hash is another one, or none is given.
    pub fn verify(&self, bytes: &[u8]) -> Result<(), Issue> {
        let wrong = |rule: &str| Err(Issue::error(codes::WRONG_HASH, IssueCode::Security, "", format!("{}: {rule}", self.tarball)));
        if self.shasum.is_none() && self.sha512.is_none() {
            return wrong("the registry gives no hash for it (dist.shasum or dist.integrity), so nobody can tell whether it arrived whole");
        }
        let sha1 = |hash: &String| *hash == hex(&Sha1::digest(bytes));
        let sha512 = |hash: &String| fhir::primitive::from_base64(hash).is_some_and(|hash| *hash == *Sha512::digest(bytes));
        if self.shasum.as_ref().is_none_or(sha1) && self.sha512.as_ref().is_none_or(sha512) {
            return Ok(());
        }
        wrong("what came is not what the registry says it is: its hash is another one. Nothing of it was used")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
