//! What is known of a tenant, and how it must be written.

use serde::{Deserialize, Serialize};
use store::commit::{Instant, Tenant};

use super::contrast;
use super::error::TenantError;
use crate::directory::Record;
use crate::spelling;

/// The tenant that is always there, at the addresses that name none.
pub const FIRST: Tenant = Tenant(1);

/// Its name for commands.
const FIRST_SLUG: &str = "main";

/// What the ids of tenants' records begin with.
pub(crate) const ID_PREFIX: &str = "tenant-";

/// The id of the record of a tenant.
pub(crate) fn id_of(tenant: Tenant) -> String {
    format!("{ID_PREFIX}{}", tenant.0)
}

/// How many hosts a tenant has at most.
pub const MOST_HOSTS: usize = 16;

/// The least contrast of white text on a tenant's colour (WCAG 2.2, success criterion 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenancy {
    /// Its number, under which all that it owns is kept. It is never given again.
    pub number: u32,
    /// Its name in addresses: `/t/north/fhir`. It belongs to this tenant for ever, also when that is deleted: what was made for one never leads to another.
    pub slug: String,
    /// The name to show.
    pub name: String,
    /// The hosts whose bare addresses are its own, in small letters and without a port.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    /// How its pages look.
    #[serde(default)]
    pub branding: Branding,
    /// The language of those who say nothing else, as BCP 47 has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The time zone in which its rules say hours, as the IANA database names it; `None`: that of the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Whether it is served.
    pub standing: Standing,
    /// When it was made.
    pub created: Instant,
    /// When it was changed last.
    pub updated: Instant,
}

/// How the pages of a tenant look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branding {
    /// Its colour, as `#00566b`: dark enough for white text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
}

/// Whether a tenant is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is.
    Active,
    /// Nobody is let in until it is active again.
    Suspended,
    /// Nobody is let in any more, and its data is to be erased.
    Ending,
    /// Its data is erased. What is left says that there was one.
    Deleted,
}

impl Standing {
    /// Its word in commands and records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Ending => "ending",
            Self::Deleted => "deleted",
        }
    }
}

impl Record for Tenancy {
    const KIND: &'static str = "tenant";

    fn names(&self) -> Vec<(&'static str, String)> {
        let hosts = self.hosts.iter().map(|host| ("host", host.clone()));
        [("slug", self.slug.clone())].into_iter().chain(hosts).collect()
    }
}

impl Tenancy {
    /// It as the audit trail names it, with its settings.
    pub fn named(&self) -> String {
        let set = |name: &str, text: &Option<String>| text.as_ref().map_or_else(String::new, |text| format!(", {name} {text}"));
        format!(
            "{} ({}), {}, hosts: {}{}{}{}",
            self.slug,
            self.name,
            self.standing.word(),
            self.hosts.join(" "),
            set("accent", &self.branding.accent),
            set("locale", &self.locale),
            set("time zone", &self.time_zone)
        )
    }

    /// The first, before anything was said of it.
    pub fn first() -> Self {
        Self {
            number: FIRST.0,
            slug: FIRST_SLUG.to_owned(),
            name: "Ward".to_owned(),
            hosts: Vec::new(),
            branding: Branding::default(),
            locale: None,
            time_zone: None,
            standing: Standing::Active,
            created: 0,
            updated: 0,
        }
    }

    /// Its number, as the store knows it.
    pub fn tenant(&self) -> Tenant {
        Tenant(self.number)
    }

    /// What its addresses have before `/fhir` and `/auth`, where no host is its own: nothing for the first.
    pub fn path(&self) -> String {
        if self.tenant() == FIRST { String::new() } else { format!("/t/{}", self.slug) }
    }

    /// The id of its record.
    pub(super) fn id(&self) -> String {
        id_of(self.tenant())
    }

    /// That it is written as it must be, with hosts and colour in small letters from now on.
    pub(super) fn spelled(mut self) -> Result<Self, TenantError> {
        let invalid = |field, rule| TenantError::Invalid { field, rule };
        if !is_label(&self.slug) {
            return Err(invalid("slug", "1 to 63 of a to z, 0 to 9 and -, which is neither first nor last (RFC 1123)"));
        }
        self.name = spelling::name(&self.name).map_err(|_| invalid("name", "1 to 200 characters, in one line"))?;
        self.hosts.iter_mut().for_each(|host| host.make_ascii_lowercase());
        self.hosts.sort_unstable();
        self.hosts.dedup();
        if self.hosts.len() > MOST_HOSTS || !self.hosts.iter().all(|host| is_host(host)) {
            return Err(invalid("host", "at most 16 names such as north.example.org, without scheme and port"));
        }
        if let Some(accent) = &mut self.branding.accent {
            accent.make_ascii_lowercase();
            let enough = contrast::with_white(accent).ok_or(invalid("accent", "a colour such as #00566b"))?;
            if enough < LEAST_CONTRAST {
                // What is shown is rounded down, so that it never says what would be enough.
                return Err(TenantError::Contrast((enough * 100.0) as u32));
            }
        }
        if let Some(locale) = &self.locale {
            spelling::locale(locale).map_err(|_| invalid("locale", "a language such as en or de-CH"))?;
        }
        // Whether there is such a zone is for whoever has the database of zones.
        let is_zone = |zone: &String| {
            (1..=64).contains(&zone.len()) && zone.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte))
        };
        if !self.time_zone.as_ref().is_none_or(is_zone) {
            return Err(invalid("time_zone", "a zone such as Europe/Berlin"));
        }
        Ok(self)
    }
}

/// Whether a text is a label of a host name (RFC 1123, section 2.1), in small letters.
pub(super) fn is_label(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&text.len()) && text.bytes().all(fits) && !text.starts_with('-') && !text.ends_with('-')
}

fn is_host(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}
