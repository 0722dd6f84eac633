//! The accounts of the demonstration: one for each role of people, a service, and a token.

use fhir::{Value, object};
use identity::accounts::Invitation;
use identity::random::{self, SystemRandom};
use identity::user::{HeldRole, Membership};
use identity::{IdentityError, Secret};
use oauth::{Client, GrantType, IdTokenAlg, Proof};

use crate::command::Failure;
use crate::door::Door;
use crate::door::operator::Said;
use crate::wiring;

/// The roles of people, each with who that is in the synthetic hospital.
const ROLES: [(&str, Option<&str>); 10] = [
    ("system-administrator", None),
    ("administrator", None),
    ("physician", Some("Practitioner/general-practitioner-1")),
    ("nurse", Some("Practitioner/nurse-1")),
    ("pharmacist", Some("Practitioner/pharmacist-1")),
    ("laboratory-technician", Some("Practitioner/laboratory-technician-1")),
    ("receptionist", Some("Practitioner/receptionist-1")),
    ("biller", Some("Practitioner/billing-clerk-1")),
    ("patient", Some("Patient/p000001")),
    ("auditor", None),
];

/// For how long the token holds, in milliseconds: 30 days.
const TOKEN_MS: i64 = 30 * 24 * 3_600_000;

/// Makes them, and writes into `content` how to use them. What an earlier start has made is made anew under the same names when that start has not ended well.
pub async fn add(door: &Door, site: &str, content: &mut Value) -> Result<(), Failure> {
    let mut users = Vec::new();
    for (role, person) in ROLES {
        let password = random::token(&SystemRandom).map_err(failed)?;
        make(door, role, person, &password).await?;
        let mut user = object! { "role": role, "login": role, "password": password.expose() };
        if let Some(person) = person {
            set(&mut user, "fhirUser", person.into());
        }
        users.push(user);
    }
    let held = |role: &str| HeldRole { role: role.to_owned(), facility: None, department: None };
    let client = Client {
        tenant: wiring::TENANT.0,
        name: "Demonstration".to_owned(),
        proof: Proof::Secret { hashes: Vec::new() },
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        origins: Vec::new(),
        launch_uri: None,
        scope: "system/*.*".to_owned(),
        grants: vec![GrantType::ClientCredentials],
        logo_uri: None,
        roles: vec![held("service")],
        preapproved: false,
        self_registered: false,
        id_token_alg: IdTokenAlg::default(),
        active: true,
        created: 0,
    };
    let made = door.provider.register_client(client).await.map_err(|refusal| Failure::failed(refusal.to_string()))?;
    let secret = made.secret.map(|secret| secret.expose().to_owned()).unwrap_or_default();
    let until = door.identity.now() + TOKEN_MS;
    let token = door.token(&Said {
        tenant: wiring::TENANT.0,
        tenant_name: None,
        scope: "system/*.cruds".to_owned(),
        patient: None,
        administers: false,
        until,
    })?;
    set(content, "sign_in", format!("{site}/auth/sign-in").into());
    set(content, "users", Value::Array(users));
    set(content, "client", object! { "id": made.id, "secret": secret, "scope": "system/*.*" });
    set(content, "token", token.into());
    eprintln!("Sign in at {site}/auth/sign-in: logins and passwords are in demo.json");
    Ok(())
}

/// Makes an account, or gives the one that is there this password.
async fn make(door: &Door, role: &str, person: Option<&str>, password: &Secret) -> Result<(), Failure> {
    let accounts = &door.identity;
    let roles = vec![HeldRole { role: role.to_owned(), facility: None, department: None }];
    let part =
        Membership { tenant: wiring::TENANT.0, fhir_user: person.map(str::to_owned), roles, granted: Vec::new(), denied: Vec::new() };
    let invitation =
        Invitation { login: role.to_owned(), name: role.replace('-', " "), email: None, locale: None, memberships: vec![part] };
    let token = match accounts.invite(invitation).await {
        Ok((_, token)) => token,
        Err(IdentityError::Taken(_)) => {
            let found = accounts.find_user(role).await.map_err(failed)?;
            let id = found.map(|found| found.id).unwrap_or_default();
            match accounts.invite_again(&id).await {
                Ok(token) => token,
                Err(IdentityError::WrongState(_)) => {
                    let token = accounts.make_reset_link(&id).await.map_err(failed)?;
                    return accounts.reset_password(&token, password).await.map(drop).map_err(failed);
                }
                Err(error) => return Err(failed(error)),
            }
        }
        Err(error) => return Err(failed(error)),
    };
    accounts.accept_invitation(&token, password).await.map(drop).map_err(failed)
}

fn set(object: &mut Value, name: &'static str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.set(name, value);
    }
}

fn failed(error: IdentityError) -> Failure {
    Failure::failed(format!("an account of the demonstration was not made: {error}"))
}
