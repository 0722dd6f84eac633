//! Accounts from elsewhere, as SCIM writes them (RFC 7643, section 4.1). What is not understood is named, and never passed over in silence.

use serde_json::{Map, Value};
use store::commit::Tenant;

use crate::chronicle::named;
use crate::credentials::Credentials;
use crate::directory::{Changes, Kept};
use crate::error::IdentityError;
use crate::identity::{Identity, put_credentials};
use crate::password::hashing::is_hash;
use crate::secret::Secret;
use crate::spelling;
use crate::user::{Email, HeldRole, Membership, Status, User};

/// The schema that an account must name.
pub const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// How accounts are taken over.
#[derive(Clone, Copy, Debug)]
pub struct Import {
    /// The tenant in which they get a part, with the roles that they name.
    pub tenant: Tenant,
    /// Whether the addresses are known to be theirs. Otherwise nobody signs in by them before they are verified.
    pub trust_addresses: bool,
}

/// What became of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Its id.
    pub id: String,
    /// Whether it is new; otherwise it was there, by login, and was changed.
    pub created: bool,
    /// Attributes that have no meaning here, by name, sorted.
    pub passed_over: Vec<String>,
}

/// What an account says, understood.
struct Understood {
    user: User,
    roles: Vec<HeldRole>,
    fhir_user: Option<String>,
    password: Option<Secret>,
    passed_over: Vec<String>,
}

impl Identity {
    /// Takes an account over: makes it, or changes the one with that login. A `password` may be a hash (argon2id as PHC string, bcrypt), which is taken
    /// as it is and replaced at the next sign-in, or in clear, which has to be strong enough; another than before ends all sessions. Without one the account waits for an invitation.
    ///
    /// Fails with [`IdentityError::Invalid`] (the field, and what it must be), with [`IdentityError::WeakPassword`], with [`IdentityError::Taken`] for an address, with [`IdentityError::WrongState`] for
    /// an account that was deleted, with [`IdentityError::Raced`], and when the directory does.
    pub async fn import(&self, account: &Value, how: Import) -> Result<Imported, IdentityError> {
        let told = understand(account, how, self.now())?;
        let tenant = how.tenant;
        let part = Membership { fhir_user: told.fhir_user, roles: told.roles, ..Membership::with_role(how.tenant, "") };
        part.check()?;
        let hash = match &told.password {
            Some(password) if is_hash(password.expose()) => Some(password.expose().to_owned()),
            Some(password) if password.expose().starts_with('$') => {
                return Err(IdentityError::Invalid {
                    field: "password",
                    rule: "a hash of argon2id or bcrypt at a cost that is not absurd",
                });
            }
            Some(password) => {
                self.judge_password(&told.user, password)?;
                Some(self.hasher().hash(password, self.random()).await?)
            }
            None => None,
        };
        let found = self.directory().find::<User>("login", &told.user.login).await?;
        let (id, passed_over) = (found.as_ref().map_or_else(|| self.id("u-"), |kept| Ok(kept.id.to_string()))?, told.passed_over);
        let created = found.is_none();
        let known = self.credentials(&id).await?;
        let has_password = hash.is_some() || known.as_ref().is_some_and(|kept| kept.record.password.is_some());
        let mut user = merged(told.user, part, found.as_ref(), has_password)?;
        let before = known.as_ref().and_then(|kept| kept.record.password.as_ref());
        user.generation += u32::from(hash.is_some() && before.is_some() && hash.as_ref() != before);
        let roles: Vec<&str> =
            user.memberships.iter().filter(|part| part.tenant == tenant.0).flat_map(|part| &part.roles).map(|held| &*held.role).collect();
        let words = format!("{}, roles: {}", named(&id, &user), roles.join(", "));
        let mut changes = Changes::new("import account", self.on_behalf(&id, &user, "an account was imported")).of(words);
        changes = match &found {
            Some(kept) => changes.update(kept, &user),
            None => changes.create(&id, &user),
        };
        if hash.is_some() {
            let before = known.as_ref().map_or_else(Credentials::default, |kept| kept.record.clone());
            let credentials = Credentials { user: id.clone(), password: hash, password_set: self.now(), ..before };
            changes = put_credentials(changes, known.as_ref(), &credentials);
        }
        self.directory().apply(changes).await?;
        Ok(Imported { id, created, passed_over })
    }
}

/// The account as it is to be, over the one that is there. Whoever is no longer active is signed out.
fn merged(told: User, part: Membership, found: Option<&Kept<User>>, has_password: bool) -> Result<User, IdentityError> {
    let status = match (told.status, has_password) {
        (Status::Active, false) => Status::Invited,
        (status, _) => status,
    };
    let Some(known) = found.map(|kept| &kept.record) else { return Ok(User { status, memberships: vec![part], ..told }) };
    if known.status == Status::Deleted {
        return Err(IdentityError::WrongState("one that is not deleted"));
    }
    let others = known.memberships.iter().filter(|other| other.tenant != part.tenant).cloned();
    let verified = |email: &Email| email.verified || known.verified_email() == Some(&email.address);
    Ok(User {
        status,
        memberships: others.chain([part.clone()]).collect(),
        email: told.email.map(|email| Email { verified: verified(&email), ..email }).or_else(|| known.email.clone()),
        phone: told.phone.or_else(|| known.phone.clone()),
        locale: told.locale.or_else(|| known.locale.clone()),
        external_id: told.external_id.or_else(|| known.external_id.clone()),
        created: known.created,
        last_sign_in: known.last_sign_in,
        generation: known.generation + u32::from(status != Status::Active),
        ..told
    })
}

fn understand(account: &Value, how: Import, now: i64) -> Result<Understood, IdentityError> {
    let invalid = |field, rule| IdentityError::Invalid { field, rule };
    let fields = account.as_object().ok_or(invalid("account", "a JSON object"))?;
    let schemas = fields.get("schemas").and_then(Value::as_array);
    if !schemas.is_some_and(|all| all.iter().any(|schema| schema == SCHEMA)) {
        return Err(invalid("schemas", "an array with urn:ietf:params:scim:schemas:core:2.0:User"));
    }
    let login = spelling::login(text(fields, "userName").ok_or(invalid("userName", "a text"))?, true)?;
    let name = spelling::name(&shown_name(fields).unwrap_or_else(|| login.clone()))?;
    let active = fields.get("active").map_or(Some(true), Value::as_bool).ok_or(invalid("active", "true or false"))?;
    let status = if active { Status::Active } else { Status::Suspended };
    let address = primary(fields, "emails")?.map(spelling::email).transpose()?;
    let locale = text(fields, "preferredLanguage").or_else(|| text(fields, "locale"));
    let user = User {
        email: address.map(|address| Email { address, verified: how.trust_addresses }),
        phone: primary(fields, "phoneNumbers")?.map(|phone| spelling::phone(phone.strip_prefix("tel:").unwrap_or(phone))).transpose()?,
        locale: locale.map(spelling::locale).transpose()?,
        external_id: text(fields, "externalId").map(str::to_owned),
        ..User::new(login, name, status, now)
    };
    let role = |role: &Value| {
        let code = role.as_str().or_else(|| role.get("value")?.as_str())?;
        Some(HeldRole { role: code.to_owned(), facility: None, department: None })
    };
    let roles = match fields.get("roles") {
        Some(roles) => {
            roles.as_array().and_then(|all| all.iter().map(role).collect()).ok_or(invalid("roles", "an array of objects with a value"))?
        }
        None => Vec::new(),
    };
    let understood = [
        "schemas",
        "userName",
        "externalId",
        "name",
        "displayName",
        "emails",
        "phoneNumbers",
        "preferredLanguage",
        "locale",
        "active",
        "roles",
        "password",
        "fhirUser",
    ];
    let mut passed_over: Vec<String> = fields.keys().filter(|name| !understood.contains(&name.as_str())).cloned().collect();
    passed_over.sort_unstable();
    let (fhir_user, password) = (text(fields, "fhirUser").map(str::to_owned), text(fields, "password").map(Secret::new));
    Ok(Understood { user, roles, fhir_user, password, passed_over })
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    fields.get(name)?.as_str().filter(|text| !text.is_empty())
}

fn shown_name(fields: &Map<String, Value>) -> Option<String> {
    let name = fields.get("name").and_then(Value::as_object);
    let part = |part: &str| name.and_then(|name| text(name, part));
    let parts = || {
        Some([part("givenName"), part("familyName")].into_iter().flatten().collect::<Vec<_>>().join(" ")).filter(|name| !name.is_empty())
    };
    text(fields, "displayName").or_else(|| part("formatted")).map(str::to_owned).or_else(parts)
}

/// The primary value of several, or else the first.
fn primary<'a>(fields: &'a Map<String, Value>, name: &'static str) -> Result<Option<&'a str>, IdentityError> {
    let Some(values) = fields.get(name) else { return Ok(None) };
    let values = values.as_array().ok_or(IdentityError::Invalid { field: name, rule: "an array of objects with a value" })?;
    let is_primary = |value: &&Value| value.get("primary").and_then(Value::as_bool) == Some(true);
    Ok(values.iter().find(is_primary).or(values.first()).and_then(|value| value.get("value")?.as_str()))
}
