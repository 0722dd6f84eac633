//! All that can be asked, one line each: routes, their documentation, and what the audit trail is told follow from it.

use std::future::Future;
use std::pin::Pin;

use access::Permission;
use audit::Administered;
use audit::happening::Done;
use fhir::IssueCode;

use crate::asked::{Asked, Reply};
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::{alerts, clients, codes, emergency, explaining, keys, roles, tenants, trail, users};

/// Where all of it is.
pub const PREFIX: &str = "/api/v1";

/// Something that can be asked.
pub struct Row {
    /// The method of HTTP.
    pub method: &'static str,
    /// The path below [`PREFIX`]; what stands in braces is an id or a name.
    pub path: &'static str,
    /// What it is called, in the OpenAPI document and the audit trail.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub doc: &'static str,
    /// The permission that it needs; `None`: everybody who is known may ask, and the act looks itself who asks about whom.
    pub needs: Option<Permission>,
    /// What the audit trail calls it.
    pub tells: (Administered, Done),
    /// The parameters.
    pub query: &'static [Parameter],
    /// The members of the body; `None`: it has none. One whose name is `*` stands for a document that is described elsewhere.
    pub body: Option<&'static [Parameter]>,
    /// Whether `If-Match` and `If-None-Match` say what it needs to find.
    pub conditional: bool,
    /// The statuses of what is done, each with what it means.
    pub answers: &'static [(u16, &'static str)],
    pub(crate) run: Run,
}

/// A parameter or a member.
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// Its type in JSON Schema.
    pub kind: &'static str,
}

pub(crate) type Running<'a> = Pin<Box<dyn Future<Output = Result<Reply, Refusal>> + Send + 'a>>;
pub(crate) type Run = for<'a> fn(&'a Desk, &'a Asked, Vec<&'a str>) -> Running<'a>;

const fn text(name: &'static str, doc: &'static str) -> Parameter {
    Parameter { name, doc, required: false, kind: "string" }
}

const fn needed(name: &'static str, doc: &'static str) -> Parameter {
    Parameter { name, doc, required: true, kind: "string" }
}

const fn of_kind(name: &'static str, kind: &'static str, doc: &'static str) -> Parameter {
    Parameter { name, doc, required: false, kind }
}

const COUNT: Parameter = of_kind("count", "integer", "How many entries are looked at for a page: 1 to 500, 50 when it is not given.");
const CURSOR: Parameter = text("cursor", "`next` of the page before.");
const ROLES: &str = "Roles, each an object with `role` and, where it holds in one place only, `facility` (`Organization/3`) and `department` (`Organization/3` or `Location/4`).";
const FHIR_USER: Parameter = text("fhirUser", "Who that is in the records: `Practitioner/12`.");
const POLICY: &[Parameter] = &[needed("*", "A policy, as docs/policies.md describes it.")];
const PAGE: &[(u16, &str)] = &[(200, "A page, with `next` when there may be more.")];
const SHOWN: &[(u16, &str)] = &[(200, "What is known of it.")];
const GONE: &[(u16, &str)] = &[(204, "It is done.")];
const LINK: &[(u16, &str)] = &[(200, "`link`, for one use, and its `token`. It is shown this once.")];

const TENANT_NAME: Parameter = text("name", "The name to show, also on the pages of signing in.");
const HOSTS: Parameter = of_kind("hosts", "array", "The hosts that are its own, all of them.");
const ACCENT: Parameter = text("accent", "Its colour, such as `#00566b`: white text on it has a contrast of at least 4.5.");
const LOCALE: Parameter = text("locale", "The language of accounts that are made for it, such as `de-CH`.");
const TIME_ZONE: Parameter = text("timeZone", "The time zone of its policies, such as `Europe/Zurich`.");
const TENANT: &[Parameter] = &[TENANT_NAME, HOSTS, ACCENT, LOCALE, TIME_ZONE];
const TENANT_NEW: &[Parameter] = &[needed("slug", "Its name in addresses."), TENANT_NAME, HOSTS, ACCENT, LOCALE, TIME_ZONE];

macro_rules! row {
    ($method:ident $path:literal $name:literal $needs:expr, $of:ident $done:ident, $run:path, $doc:literal, $($field:ident: $value:expr),* $(,)?) => {
        Row {
            method: stringify!($method),
            path: $path,
            name: $name,
            doc: $doc,
            needs: $needs,
            tells: (Administered::$of, Done::$done),
            run: |desk, asked, ids| Box::pin($run(desk, asked, ids)),
            $($field: $value,)*
            ..EMPTY
        }
    };
}

const EMPTY: Row = Row {
    method: "",
    path: "",
    name: "",
    doc: "",
    needs: None,
    tells: (Administered::Explanation, Done::Read),
    query: &[],
    body: None,
    conditional: false,
    answers: &[],
    run: |_, _, _| Box::pin(std::future::ready(Err(Refusal::not_found("path")))),
};

use Permission::{
    AlertsRead, AlertsWrite, ClientsRead, ClientsWrite, KeysRead, KeysWrite, RolesRead, RolesWrite, TenantsRead, TenantsWrite, UsersRead,
    UsersWrite,
};

/// All of them.
pub const TABLE: &[Row] = &[
    row!(GET "/users" "list-users" Some(UsersRead), Account Read, users::list, "Lists the accounts with a part in the tenant, the newest first.",
        query: &[text("login", "The one with this login, or with this address if it is verified."), text("text", "Those whose login, name or address has this in it."), text("status", "Those of this status: invited, active, suspended."),
            text("role", "Those that have this role or policy."), COUNT, CURSOR],
        answers: PAGE),
    row!(POST "/users" "invite-user" Some(UsersWrite), Account Create, users::invite, "Makes an account, and the link by which its owner sets a password; it is in a letter, too, when there is an address.",
        body: Some(&[needed("login", "The name to sign in by."), text("name", "The name to show; the login when it is not given."), text("email", "The address."),
            text("locale", "The language, as BCP 47 has it."), FHIR_USER, of_kind("roles", "array", ROLES),
            of_kind("granted", "array", "Policies granted directly, by name."), of_kind("denied", "array", "Policies denied directly, by name."),
            text("password", "Sets this password at once, and makes no link.")]),
        answers: &[(201, "The account, with `link` and `token` unless it has a password.")]),
    row!(POST "/users/import" "import-user" Some(UsersWrite), Account Update, users::import, "Takes an account over as SCIM writes it (RFC 7643), or changes the one with its login.",
        body: Some(&[needed("*", "An account with the schema `urn:ietf:params:scim:schemas:core:2.0:User`.")]),
        answers: &[(200, "Its id, whether it is new, and what was passed over.")]),
    row!(POST "/users/join" "join-user" Some(UsersWrite), Account Update, users::join,
        "Gives an account that is there already, in another tenant, a part in this one.",
        body: Some(&[needed("login", "Its login."), FHIR_USER, of_kind("roles", "array", ROLES),
            of_kind("granted", "array", "Policies granted directly, by name."), of_kind("denied", "array", "Policies denied directly, by name.")]),
        answers: &[(200, "Its id.")]),
    row!(DELETE "/users/{id}/membership" "leave-user" Some(UsersWrite), Account Update, users::leave, "Takes an account out of the tenant. It stays an account.",
        conditional: true, answers: GONE),
    row!(GET "/users/{id}" "show-user" Some(UsersRead), Account Read, users::show, "Shows an account.", answers: SHOWN),
    row!(DELETE "/users/{id}" "remove-user" Some(UsersWrite), Account Delete, users::remove,
        "Removes an account: its login and name stay for the records. One with a part in another tenant, too, loses its part in this one.",
        conditional: true, answers: GONE),
    row!(PUT "/users/{id}/membership" "set-rights" Some(UsersWrite), Account Update, users::set_membership,
        "Sets who an account is in the records, its roles and what is granted or denied to it directly, in place of what was.",
        body: Some(&[FHIR_USER, of_kind("roles", "array", ROLES), of_kind("granted", "array", "Policies granted directly, by name."),
            of_kind("denied", "array", "Policies denied directly, by name.")]),
        conditional: true, answers: SHOWN),
    row!(POST "/users/{id}/suspend" "suspend-user" Some(UsersWrite), Account Update, users::suspend, "Ends all sessions of an account, and lets nobody sign in until it is reactivated.",
        conditional: true, answers: SHOWN),
    row!(POST "/users/{id}/reactivate" "reactivate-user" Some(UsersWrite), Account Update, users::reactivate, "Lets the owner of a suspended account in again.",
        conditional: true, answers: SHOWN),
    row!(POST "/users/{id}/reset-link" "make-reset-link" Some(UsersWrite), Account Update, users::reset_link, "Makes a link by which the owner of an account sets a new password.", answers: LINK),
    row!(POST "/users/{id}/invitation" "invite-again" Some(UsersWrite), Account Update, users::invite_again, "Makes another invitation for an account that waits for its owner; those before are worth nothing.",
        answers: LINK),
    row!(GET "/users/{id}/sessions" "list-sessions" Some(UsersRead), Account Read, users::sessions, "Lists the sessions of an account that hold.", answers: SHOWN),
    row!(DELETE "/users/{id}/sessions" "end-sessions" Some(UsersWrite), Account Update, users::end_sessions, "Ends all sessions of an account.", answers: GONE),
    row!(DELETE "/users/{id}/sessions/{session}" "end-session" Some(UsersWrite), Account Update, users::end_session, "Ends a session of an account.", answers: GONE),
    row!(DELETE "/users/{id}/factors" "reset-factors" Some(UsersWrite), Account Update, users::reset_factors,
        "Takes all second factors off an account, for somebody who has lost theirs, and ends all its sessions.", answers: GONE),
    row!(GET "/clients" "list-clients" Some(ClientsRead), Client Read, clients::list, "Lists the apps and services of the tenant, the newest first.", query: &[COUNT, CURSOR], answers: PAGE),
    row!(POST "/clients" "add-client" Some(ClientsWrite), Client Create, clients::add, "Registers an app that users open, or with roles a service that acts for itself.",
        body: Some(&[needed("name", "The name to show."), needed("scope", "What it may ask for, as SMART writes scopes."),
            of_kind("redirectUris", "array", "Where users are sent back to."), text("launchUri", "Where a launch from the record system begins."),
            of_kind("device", "boolean", "It runs on a device without a browser, whose users let it in elsewhere."),
            of_kind("public", "boolean", "It can keep no secret."), text("jwks", "Its JSON Web Key Set, as a text."), text("jwksUri", "The https address of its JSON Web Key Set."),
            of_kind("roles", "array", ROLES), of_kind("preapproved", "boolean", "No user is asked.")]),
        answers: &[(201, "The client, with its `secret` if it has one: it is shown this once.")]),
    row!(GET "/clients/{id}" "show-client" Some(ClientsRead), Client Read, clients::show, "Shows an app or service.", answers: SHOWN),
    row!(POST "/clients/{id}/secret" "change-secret" Some(ClientsWrite), Client Update, clients::change_secret, "Gives a client another secret; the one before holds until the next change.",
        conditional: true, answers: &[(200, "`secret`: it is shown this once.")]),
    row!(DELETE "/clients/{id}" "remove-client" Some(ClientsWrite), Client Delete, clients::remove, "Removes an app or service: whatever it was given ends at once.", conditional: true, answers: GONE),
    row!(GET "/keys" "list-keys" Some(KeysRead), Client Read, keys::list, "Lists the API keys of the tenant, the newest first.", answers: &[(200, "At most 1000, without their secrets.")]),
    row!(POST "/keys" "make-key" Some(KeysWrite), Client Create, keys::make, "Makes an API key for a service.",
        body: Some(&[needed("name", "What it is for."), of_kind("roles", "array", ROLES), FHIR_USER, text("scopes", "What it may do at most, as SMART writes scopes."),
            of_kind("eachMinute", "integer", "How many requests it may make in a minute."), text("until", "When it ends: a moment.")]),
        answers: &[(201, "The key, with its `secret`: it is shown this once.")]),
    row!(DELETE "/keys/{handle}" "revoke-key" Some(KeysWrite), Client Delete, keys::revoke, "Revokes an API key: it is worth nothing from now on.", answers: GONE),
    row!(GET "/roles" "list-roles" Some(RolesRead), Role Read, roles::list, "Lists the roles and policies in force: those that Ward brings and the tenant's own.", answers: SHOWN),
    row!(GET "/roles/{name}" "show-role" Some(RolesRead), Role Read, roles::show, "Shows a role or policy, as it was written.", answers: SHOWN),
    row!(PUT "/roles/{name}" "put-role" Some(RolesWrite), Role Update, roles::put,
        "Writes a role or policy of the tenant's own; one that Ward brings under the same name is no longer in force then.",
        body: Some(POLICY), conditional: true, answers: &[(200, "It was changed."), (201, "It is new.")]),
    row!(DELETE "/roles/{name}" "remove-role" Some(RolesWrite), Role Delete, roles::remove,
        "Removes a role or policy of the tenant's own; one that Ward brings under the same name is in force again.", conditional: true, answers: GONE),
    row!(POST "/policies/check" "check-policy" Some(RolesRead), Role Read, roles::check, "Says whether a policy is one, and writes nothing.",
        body: Some(POLICY), answers: &[(200, "`valid`, and `issues` with all that is wrong.")]),
    row!(GET "/alerts" "list-alerts" Some(AlertsRead), Client Read, alerts::list, "Lists what looked suspicious, the newest first, and what came of it.",
        query: &[of_kind("open", "boolean", "`true`: only those that nobody has looked into. A page may be short then."), COUNT, CURSOR], answers: PAGE),
    row!(POST "/alerts/{id}/acknowledgement" "acknowledge-alert" Some(AlertsWrite), Client Update, alerts::acknowledge,
        "Says what came of looking into an alert, once. It is for somebody else than whom the alert is about.",
        body: Some(&[needed("note", "What came of it, in 3 to 500 letters.")]), answers: SHOWN),
    row!(GET "/audit/report" "report-trail" None, Explanation Read, trail::report,
        "Lists what happened, the newest first: for whoever may search AuditEvents.",
        query: &[text("user", "Only what this account did, by its id."), text("patient", "Only what touched this patient's record, by their id."),
            text("from", "Only what happened at this moment or later."), text("until", "Only what happened before this moment."),
            text("action", "Only this: `read`, `create`, `search-type`, `110122` (a sign-in), `denied`."), COUNT, CURSOR],
        answers: PAGE),
    row!(GET "/audit/checkpoint" "show-checkpoint" None, Explanation Read, trail::checkpoint,
        "Shows how far the trail is proven: the last checkpoint that was signed. For whoever may search AuditEvents.", answers: SHOWN),
    row!(GET "/tenants" "list-tenants" Some(TenantsRead), Client Read, tenants::list, "Lists the tenants of the server. In the first tenant alone.", answers: SHOWN),
    row!(POST "/tenants" "add-tenant" Some(TenantsWrite), Client Create, tenants::add, "Makes a tenant. In the first tenant alone.",
        body: Some(TENANT_NEW), answers: &[(201, "The tenant.")]),
    row!(GET "/tenants/{name}" "show-tenant" Some(TenantsRead), Client Read, tenants::show, "Shows a tenant. In the first tenant alone.", answers: SHOWN),
    row!(PUT "/tenants/{name}" "set-tenant" Some(TenantsWrite), Client Update, tenants::set,
        "Changes those settings of a tenant that are named; an empty text takes one back. In the first tenant alone.",
        body: Some(TENANT), answers: SHOWN),
    row!(POST "/tenants/{name}/suspend" "suspend-tenant" Some(TenantsWrite), Client Update, tenants::suspend, "Keeps everybody out of a tenant. In the first tenant alone.", answers: SHOWN),
    row!(POST "/tenants/{name}/reactivate" "reactivate-tenant" Some(TenantsWrite), Client Update, tenants::reactivate,
        "Lets people in again to a tenant that is suspended, or was to end. In the first tenant alone.", answers: SHOWN),
    row!(DELETE "/tenants/{name}" "end-tenant" Some(TenantsWrite), Client Delete, tenants::end,
        "Marks a tenant as one that ends: nobody is let in any more, and `ward tenant delete` erases it. In the first tenant alone.",
        query: &[needed("confirm", "Its name once more.")], answers: SHOWN),
    row!(POST "/break-glass" "break-glass" None, Account Update, emergency::begin,
        "Takes access beyond one's roles in an emergency: to one patient's record, for the session in which it is asked, and for the time that the setting `break_glass_minutes` says.",
        body: Some(&[needed("patient", "The id of the patient."), needed("reason", "Why, in 10 to 500 letters: whoever reviews it reads this."),
            needed("code", "A code of the second factor, shown now, or one for recovery.")]),
        answers: &[(201, "`patient`, `reason`, and `until` when it ends.")]),
    row!(GET "/break-glass" "show-emergency" None, Account Read, emergency::show, "Shows what the session has beyond the roles.", answers: SHOWN),
    row!(DELETE "/break-glass" "mend-glass" None, Account Update, emergency::end, "Gives it back before its time.", answers: GONE),
    row!(GET "/access/explain" "explain" None, Explanation Read, explaining::explain,
        "Says which rule, scope or consent allows or refuses something: of oneself everybody may ask, of others who has the permission `explain`.",
        query: &[needed("type", "The type of resource."), text("id", "Which resource; without it any of the type."),
            needed("interaction", "An interaction of FHIR, such as `read`, `vread`, `search-type`, `update`."), text("user", "About whom: the id of an account; without it oneself.")],
        answers: &[(200, "`outcome` (`allowed`, `sometimes`, `refused`) and `reasons`.")]),
];

/// The row of a request, with what stands for its braces; a refusal when there is none.
pub(crate) fn find<'p>(method: &str, path: &[&'p str]) -> Result<(&'static Row, Vec<&'p str>), Refusal> {
    let mut methods = Vec::new();
    for row in TABLE {
        let Some(ids) = ids(row.path, path) else { continue };
        if row.method == method {
            return Ok((row, ids));
        }
        methods.push(row.method);
    }
    if methods.is_empty() {
        return Err(Refusal::of(
            404,
            IssueCode::NotFound,
            codes::NOT_FOUND,
            "there is nothing at this path: /api/openapi.json lists those that there are",
        ));
    }
    let what = format!("this path has no such method: it has {}", methods.join(", "));
    Err(Refusal::of(405, IssueCode::NotSupported, codes::NO_SUCH_METHOD, what))
}

/// What stands for the braces of a pattern; `None` when the path is none of it. (Fixed parts come first in the table.)
fn ids<'p>(pattern: &str, path: &[&'p str]) -> Option<Vec<&'p str>> {
    let parts: Vec<&str> = pattern.trim_start_matches('/').split('/').collect();
    if parts.len() != path.len() {
        return None;
    }
    let mut ids = Vec::new();
    for (part, given) in parts.iter().zip(path) {
        match part.starts_with('{') {
            true if !given.is_empty() => ids.push(*given),
            false if part == given => {}
            _ => return None,
        }
    }
    Some(ids)
}
