//! Apps and services.

use fhir::primitive::instant_text;
use fhir::{Object, Value, object};
use identity::directory::Kept;
use oauth::{Client, GrantType, IdTokenAlg, Proof};

use crate::asked::{Asked, Reply};
use crate::cursor::{Asking, page};
use crate::desk::{Desk, current};
use crate::form::Form;
use crate::refusal::Refusal;
use crate::rights;
use crate::users::{roles, shown_role};

const MEMBERS: [&str; 12] = [
    "name",
    "scope",
    "redirectUris",
    "postLogoutRedirectUris",
    "origins",
    "launchUri",
    "device",
    "public",
    "jwks",
    "jwksUri",
    "roles",
    "preapproved",
];

pub(crate) async fn list(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    let asking = Asking::of(asked)?;
    let tenant = asked.tenant().0.to_string();
    let (found, next) = desk.identity.directory().page::<Client>(Some(("tenant", &tenant)), asking.count, asking.after).await?;
    let told = format!("{} clients", found.len());
    let clients = found.iter().map(|kept| shown(&kept.id, &kept.record)).collect();
    Ok(Reply::ok(page("clients", clients, next.as_ref()), told))
}

pub(crate) async fn show(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let kept = known(desk, asked, ids[0]).await?;
    Ok(Reply::ok(shown(&kept.id, &kept.record), kept.record.named(&kept.id)).at(kept.version))
}

pub(crate) async fn add(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    let mut form = Form::of(asked.body.as_ref(), &MEMBERS)?;
    let client = described(&mut form, asked);
    let keys = (form.text("jwks"), form.text("jwksUri"));
    let is_public = form.flag("public");
    form.finish()?;
    let proof = match keys {
        _ if is_public => Proof::Public,
        (None, None) => Proof::Secret { hashes: Vec::new() },
        (jwks, jwks_uri) => Proof::Keys { jwks, jwks_uri },
    };
    if client.grants.is_empty() {
        return Err(Refusal::wrong(
            "",
            "give `redirectUris` or `device` for an app that users open, or `roles` for a service that acts for itself",
        ));
    }
    desk.may_hand_out(asked, rights::of_roles(&client.roles)).await?;
    let made = desk.provider.register_client(Client { proof, ..client }).await?;
    let mut body = shown(&made.id, &made.client);
    add_secret(&mut body, made.secret.as_ref());
    Ok(Reply::created(body, format!("/clients/{}", made.id), made.client.named(&made.id)).at(1))
}

pub(crate) async fn change_secret(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let kept = changeable(desk, asked, ids[0]).await?;
    let secret = desk.provider.change_secret(&kept).await?;
    let mut body = object! { "id": &*kept.id };
    add_secret(&mut body, Some(&secret));
    Ok(Reply::ok(body, kept.record.named(&kept.id)).at(kept.version + 1))
}

pub(crate) async fn remove(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let kept = changeable(desk, asked, ids[0]).await?;
    desk.provider.remove_client(&kept).await?;
    Ok(Reply::done(kept.record.named(&kept.id)))
}

async fn known(desk: &Desk, asked: &Asked, id: &str) -> Result<Kept<Client>, Refusal> {
    desk.provider.find_client(asked.tenant(), id).await?.ok_or_else(|| Refusal::not_found("client"))
}

/// A client that whoever asks may change: its secret is worth as much as its roles.
async fn changeable(desk: &Desk, asked: &Asked, id: &str) -> Result<Kept<Client>, Refusal> {
    let kept = known(desk, asked, id).await?;
    current(asked, kept.version)?;
    desk.may_take_back(asked, rights::of_roles(&kept.record.roles)).await?;
    Ok(kept)
}

/// A client without its proof: one with roles acts for itself, one with addresses to send users back to, or on a device without a browser, asks them.
fn described(form: &mut Form<'_>, asked: &Asked) -> Client {
    let (redirect_uris, roles) = (form.texts("redirectUris"), roles(form));
    let mut grants = Vec::new();
    if !redirect_uris.is_empty() {
        grants.push(GrantType::AuthorizationCode);
    }
    if form.flag("device") {
        grants.push(GrantType::DeviceCode);
    }
    if !grants.is_empty() {
        grants.push(GrantType::RefreshToken);
    }
    if !roles.is_empty() {
        grants.push(GrantType::ClientCredentials);
    }
    Client {
        tenant: asked.tenant().0,
        name: form.required("name"),
        proof: Proof::Public,
        redirect_uris,
        post_logout_redirect_uris: form.texts("postLogoutRedirectUris"),
        origins: form.texts("origins"),
        launch_uri: form.text("launchUri"),
        scope: form.required("scope"),
        grants,
        logo_uri: None,
        roles,
        preapproved: form.flag("preapproved"),
        self_registered: false,
        id_token_alg: IdTokenAlg::default(),
        active: true,
        created: 0,
    }
}

fn shown(id: &str, client: &Client) -> Value {
    let texts = |texts: &[String]| texts.iter().map(|text| Value::from(text.as_str())).collect::<Vec<_>>();
    let mut shown =
        Object::from_iter([("id", Value::from(id)), ("name", client.name.as_str().into()), ("scope", client.scope.as_str().into())]);
    shown.push("grants", client.grants.iter().map(|grant| Value::from(grant.code())).collect::<Vec<_>>());
    let proof = match &client.proof {
        Proof::Public => "none",
        Proof::Secret { .. } => "secret",
        Proof::Keys { .. } => "keys",
    };
    shown.push("proof", proof);
    shown.push("redirectUris", texts(&client.redirect_uris));
    for (name, list) in [("postLogoutRedirectUris", &client.post_logout_redirect_uris), ("origins", &client.origins)] {
        if !list.is_empty() {
            shown.push(name, texts(list));
        }
    }
    if let Some(uri) = &client.launch_uri {
        shown.push("launchUri", uri.as_str());
    }
    shown.push("roles", client.roles.iter().map(shown_role).collect::<Vec<_>>());
    for (name, flag) in [("preapproved", client.preapproved), ("selfRegistered", client.self_registered), ("active", client.active)] {
        shown.push(name, flag);
    }
    shown.push("created", instant_text(client.created));
    shown.into()
}

fn add_secret(body: &mut Value, secret: Option<&identity::Secret>) {
    if let (Some(members), Some(secret)) = (body.as_object_mut(), secret) {
        members.push("secret", secret.expose());
    }
}
