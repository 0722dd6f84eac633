//! An authorization request is read.

use identity::directory::Kept;
use identity::seen::Fingerprint;

use crate::authorize::{Asked, Denied, Prompt, ReplyTo};
use crate::client::{Client, GrantType, redirect};
use crate::launch::{LAUNCH_ENCOUNTER, Launch, asked_type};
use crate::params::Params;
use crate::pkce;
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};
use crate::scopes::{self, Narrowed};
use crate::site::Site;

/// How long `state` and `nonce` may be, in bytes.
const LONGEST: usize = 2000;

impl Provider {
    /// Reads an authorization request.
    ///
    /// Fails with [`Denied::Shown`] when the client is not known or the address is none of its own, and with [`Denied::Redirect`] for whatever else is wrong; a client that
    /// registered itself is not told, so that nobody makes this server send browsers where they want (RFC 9700, section 4.11.2).
    pub async fn begin(&self, site: &Site, params: &Params) -> Result<Asked, Denied> {
        let (client, uri) = self.addressee(site, params).await.map_err(Denied::Shown)?;
        let state = params.get("state").filter(|state| state.len() <= LONGEST).map(str::to_owned);
        let is_stranger = client.record.self_registered;
        match self.understood(site, params, client, &uri, state.clone()).await {
            Ok(asked) => Ok(asked),
            Err(refusal) if is_stranger => Err(Denied::Shown(refusal)),
            Err(refusal) => Err(Denied::redirect(site, &uri, state.as_deref(), refusal)),
        }
    }

    /// Who asks, and where the answer goes.
    async fn addressee(&self, site: &Site, params: &Params) -> Result<(Kept<Client>, String), Refusal> {
        let client = self.known_client(site, params.need("client_id")?).await?;
        let client = client
            .ok_or_else(|| Refusal::new(Fault::UnknownClient, "There is no client of this 'client_id'. It has to be registered first."))?;
        let uri = params.need("redirect_uri")?;
        let is_meant = redirect::check(uri).is_ok() && client.record.redirect_uris.iter().any(|known| redirect::is_meant(known, uri));
        if !is_meant {
            return Err(Refusal::new(
                Fault::UnknownClient,
                "The 'redirect_uri' is none of those that the client is registered with, letter by letter.",
            ));
        }
        Ok((client, uri.to_owned()))
    }

    async fn understood(
        &self,
        site: &Site,
        params: &Params,
        client: Kept<Client>,
        uri: &str,
        state: Option<String>,
    ) -> Result<Asked, Refusal> {
        client.record.needs(GrantType::AuthorizationCode)?;
        check_form(params)?;
        let challenge = pkce::challenge(params)?.to_owned();
        let Narrowed { granted, mut left_out } = scopes::narrowed(params.need("scope")?, &client.record)?;
        check_audience(site, params, &granted)?;
        let (launch, opened, user) = match params.get("launch") {
            Some(token) => self.launched(site, token, &client.id, &granted).await?,
            None if granted.iter().any(|scope| scope == "launch") => {
                let why = "The scope 'launch' belongs to a launch from the record system, with the parameter 'launch'. Ask for 'launch/patient' instead.";
                return Err(Refusal::new(Fault::InvalidRequest, why));
            }
            None => (None, None, None),
        };
        // A scope for context that nothing open answers, and nobody is asked for, would say that there is some.
        let is_answered = |scope: &String| {
            let is_chosen = scope == "launch/patient" || scope == LAUNCH_ENCOUNTER && opened.is_none();
            is_chosen || asked_type(scope).is_none() || opened.as_ref().is_some_and(|opened| opened.answers(scope))
        };
        let (granted, unanswered): (Vec<String>, Vec<String>) = granted.into_iter().partition(is_answered);
        left_out.extend(unanswered);
        if granted.is_empty() {
            return Err(Refusal::new(Fault::InvalidScope, "None of these scopes may be given: what they ask for is not open."));
        }
        let nonce = params.get("nonce").map(str::to_owned);
        Ok(Asked {
            client,
            scopes: granted,
            left_out,
            login_hint: params.get("login_hint").map(str::to_owned),
            prompt: prompt(params)?,
            max_age_seconds: max_age(params)?,
            opened,
            user,
            reply_to: ReplyTo::Redirect { uri: uri.to_owned(), state, challenge, nonce, launch },
        })
    }

    /// The launch of a token: its fingerprint, what was open, and for whom it is.
    async fn launched(&self, site: &Site, token: &str, client: &str, scopes: &[String]) -> Result<Launched, Refusal> {
        let wrong = |why: &str| Err(Refusal::new(Fault::InvalidRequest, why));
        if !scopes.iter().any(|scope| scope == "launch") {
            return wrong("A launch from the record system needs the scope 'launch'.");
        }
        let kept = self.by_secret::<Launch>(token).await?;
        let held = kept.filter(|kept| kept.record.tenant == site.tenant.0 && kept.record.client == client && self.now() < kept.record.ends);
        match held {
            Some(kept) => Ok((Some(Fingerprint::of(token).id()), Some(kept.record.opened), Some(kept.record.user))),
            None => wrong("The launch was used, has ended, or is another client's. Launch again from the record system."),
        }
    }
}

type Launched = (Option<String>, Option<crate::launch::Opened>, Option<String>);

/// That the request has the form that is understood here.
fn check_form(params: &Params) -> Result<(), Refusal> {
    let refuse = |fault, why: &str| Err(Refusal::new(fault, why));
    if params.get("request").is_some() {
        return refuse(Fault::RequestNotSupported, "Send the parameters themselves: 'request' is not understood.");
    }
    if params.get("request_uri").is_some() {
        return refuse(Fault::RequestUriNotSupported, "Send the parameters themselves: 'request_uri' is not understood.");
    }
    if params.need("response_type")? != "code" {
        return refuse(Fault::UnsupportedResponse, "The 'response_type' must be 'code'.");
    }
    if params.get("response_mode").is_some_and(|mode| mode != "query") {
        return refuse(Fault::InvalidRequest, "The 'response_mode' must be 'query'.");
    }
    if ["state", "nonce"].into_iter().any(|name| params.get(name).is_some_and(|value| value.len() > LONGEST)) {
        return refuse(Fault::InvalidRequest, "'state' and 'nonce' have at most 2000 bytes.");
    }
    Ok(())
}

/// That the client means this server: so that nobody gets a token here and is made to send it elsewhere.
fn check_audience(site: &Site, params: &Params, scopes: &[String]) -> Result<(), Refusal> {
    let needs = scopes.iter().any(|scope| scope.contains('/') || scope == "launch");
    for name in ["aud", "resource"] {
        match params.get(name) {
            Some(address) if site.is_fhir(address) => {}
            None if name == "resource" || !needs || params.get("resource").is_some() => {}
            _ => {
                return Err(Refusal::new(
                    Fault::InvalidRequest,
                    format!("The parameter '{name}' must be the base of FHIR, {}.", site.fhir),
                ));
            }
        }
    }
    Ok(())
}

fn prompt(params: &Params) -> Result<Prompt, Refusal> {
    let mut prompt = Prompt::default();
    for word in params.get("prompt").unwrap_or_default().split(' ').filter(|word| !word.is_empty()) {
        match word {
            "none" => prompt.none = true,
            "login" | "select_account" => prompt.login = true,
            "consent" => prompt.consent = true,
            _ => return Err(Refusal::new(Fault::InvalidRequest, "'prompt' has of 'none', 'login', 'consent' and 'select_account'.")),
        }
    }
    match prompt.none && (prompt.login || prompt.consent) {
        true => Err(Refusal::new(Fault::InvalidRequest, "'prompt=none' stands alone.")),
        false => Ok(prompt),
    }
}

fn max_age(params: &Params) -> Result<Option<u32>, Refusal> {
    let number = |text: &str| text.parse().map_err(|_| Refusal::new(Fault::InvalidRequest, "'max_age' is a number of seconds."));
    params.get("max_age").map(number).transpose()
}
