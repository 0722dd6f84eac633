//! Clients that act for themselves: how they prove that they are they, and everything that does not prove it.

use fhir::primitive::base64;
use identity::user::HeldRole;
use oauth::{Client, GrantType, Proof, Reply};

use crate::house::{Endpoint, House, START, error, text};
use crate::signer::{Curve, Rsa, Says};

const NOW: i64 = START / 1000;
const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn service(proof: Proof) -> impl FnOnce(&mut Client) {
    move |client| {
        client.proof = proof;
        client.grants = vec![GrantType::ClientCredentials];
        client.redirect_uris = Vec::new();
        client.scope = "system/*.rs system/Observation.cruds".to_owned();
        client.roles = vec![HeldRole { role: "service".to_owned(), facility: None, department: None }];
    }
}

async fn ask(house: &House, assertion: &str) -> Reply {
    let pairs =
        [("grant_type", "client_credentials"), ("scope", "system/*.rs"), ("client_assertion_type", TYPE), ("client_assertion", assertion)];
    house.post(Endpoint::Token, &pairs).await
}

#[tokio::test]
async fn a_service_with_a_key_gets_five_minutes_and_no_refresh_token() {
    let house = House::new().await;
    let (curve, rsa) = (Curve::new(), Rsa::new());
    for (set, sign) in [
        (&curve.jwks, &(|says: &Says| curve.sign(says)) as &dyn Fn(&Says) -> String),
        (&rsa.jwks, &|says: &Says| rsa.sign(&says.clone().with("ES384", "RS384"))),
        (&rsa.jwks, &|says: &Says| rsa.sign_256(&says.clone().with("ES384", "RS256"))),
    ] {
        let (client, _) = house.client(service(Proof::Keys { jwks: Some(set.clone()), jwks_uri: None })).await;
        let reply = ask(&house, &sign(&Says::honest("ES384", &client, "j-1", NOW))).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(text(&reply, "scope"), "system/*.rs");
        assert_eq!(text(&reply, "refresh_token"), "");
        assert_eq!(reply.body.as_ref().unwrap().get("expires_in").unwrap().as_number(), Some("300"));
        let principal = house.provider.bearer(house.site.tenant, &text(&reply, "access_token")).await.unwrap();
        assert_eq!(principal.user, None);
        assert_eq!(principal.client.as_deref(), Some(&*client));
        assert_eq!(&*principal.roles[0].role, "service");
    }
}

#[tokio::test]
async fn an_assertion_that_is_forged_or_confused_proves_nothing() {
    let house = House::new().await;
    let (rsa, stranger) = (Rsa::new(), Rsa::new());
    let (client, _) = house.client(service(Proof::Keys { jwks: Some(rsa.jwks.clone()), jwks_uri: None })).await;
    let says = Says::honest("RS384", &client, "j-1", NOW);
    let pem =
        format!("-----BEGIN RSA PUBLIC KEY-----\n{}\n-----END RSA PUBLIC KEY-----\n", base64::encode(rsa.public_der(), base64::PLAIN));
    let good = rsa.sign(&says);
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let curve = Curve::new();
    for (what, assertion) in [
        ("none", says.clone().with("RS384", "none").unsigned()),
        ("None", says.clone().with("RS384", "None").unsigned()),
        ("no signature", says.unsigned()),
        ("none with the signature of another", format!("{}{signature}", says.clone().with("RS384", "none").unsigned())),
        ("HS256 with the public key", says.clone().with("RS384", "HS256").by_hmac(rsa.public_der())),
        ("HS256 with the public key as PEM", says.clone().with("RS384", "HS256").by_hmac(pem.as_bytes())),
        ("HS256 with the key set", says.clone().with("RS384", "HS256").by_hmac(rsa.jwks.as_bytes())),
        ("HS256 with nothing", says.clone().with("RS384", "HS256").by_hmac(b"")),
        ("the key of a stranger", stranger.sign(&says)),
        ("a key of another kind", curve.sign(&says)),
        ("a key of another kind, named", curve.sign(&says.clone().with("RS384", "ES384"))),
        ("RS256 signed by RS384", rsa.sign(&says.clone().with("RS384", "RS256"))),
        ("PS384", rsa.sign(&says.clone().with("RS384", "PS384"))),
        ("another kid", rsa.sign(&says.clone().with("\"k1\"", "\"k2\""))),
        ("no kid", rsa.sign(&says.clone().with(r#","kid":"k1""#, ""))),
        (
            "a key in the header",
            stranger.sign(&says.clone().with(r#""typ""#, &format!(r#""jwk":{},"typ""#, &stranger.jwks[9..stranger.jwks.len() - 2]))),
        ),
        (
            "an address of keys that is not registered",
            rsa.sign(&says.clone().with(r#""typ""#, r#""jku":"https://app.example/jwks","typ""#)),
        ),
        ("an address of keys in the header", stranger.sign(&says.clone().with(r#""typ""#, r#""jku":"https://evil.example/jwks","typ""#))),
        ("crit", rsa.sign(&says.clone().with(r#""typ""#, r#""crit":["exp"],"typ""#))),
        ("b64", rsa.sign(&says.clone().with(r#""typ""#, r#""b64":false,"typ""#))),
        ("another typ", rsa.sign(&says.clone().with("JWT", "logout+jwt"))),
        ("two alg", rsa.sign(&says.clone().with(r#""typ""#, r#""alg":"none","typ""#))),
        ("two exp", rsa.sign(&says.clone().with(r#""jti""#, r#""exp":9999999999,"jti""#))),
        ("an altered claim", format!("{}.{signature}", signed.replacen('W', "X", 1))),
        ("an altered signature", format!("{signed}.{}", signature.replace('A', "B"))),
        ("padding", format!("{good}=")),
        ("blanks", good.replace('.', " .")),
        ("four parts", format!("{good}.x")),
        ("two parts", signed.to_owned()),
        ("no token", "x".to_owned()),
        ("too long", format!("{}.{}", "x".repeat(9000), signature)),
    ] {
        let reply = ask(&house, &assertion).await;
        assert_eq!((reply.status, &*error(&reply)), (401, "invalid_client"), "{what}: {}", reply.text());
    }
    assert_eq!(ask(&house, &good).await.status, 200);
}

#[tokio::test]
async fn an_assertion_for_another_server_client_or_time_proves_nothing() {
    let house = House::new().await;
    let key = Curve::new();
    let (client, _) = house.client(service(Proof::Keys { jwks: Some(key.jwks.clone()), jwks_uri: None })).await;
    let (other, _) = house.client(service(Proof::Keys { jwks: Some(Curve::new().jwks), jwks_uri: None })).await;
    let says = Says::honest("ES384", &client, "j-1", NOW);
    let exp = format!("\"exp\":{}", NOW + 300);
    let aud = "\"https://ward.example/auth/token\"";
    let jti = "\"jti\":\"j-1\"";
    let long = format!("\"jti\":\"{}\"", "j".repeat(257));
    for (old, new) in [
        (aud, "\"https://ward.example/fhir\"".to_owned()),
        (aud, "\"https://evil.example/auth/token\"".to_owned()),
        (aud, "\"https://ward.example/auth/token/\"".to_owned()),
        (aud, "[]".to_owned()),
        (aud, "7".to_owned()),
        (&*format!("\"iss\":\"{client}\""), format!("\"iss\":\"{other}\"")),
        (&*format!("\"sub\":\"{client}\""), format!("\"sub\":\"{other}\"")),
        (&*format!("\"sub\":\"{client}\","), String::new()),
        (&*format!("\"iss\":\"{client}\",\"sub\":\"{client}\""), format!("\"iss\":\"{other}\",\"sub\":\"{other}\"")),
        (&*exp, format!("\"exp\":{NOW}")),
        (&*exp, format!("\"exp\":{}", NOW - 3600)),
        (&*exp, format!("\"exp\":{}", NOW + 3600)),
        (&*exp, format!("\"exp\":{}", NOW + 331)),
        (&*exp, format!("\"exp\":\"{}\"", NOW + 300)),
        (&*exp, "\"exp\":1e300".to_owned()),
        (&*exp, "\"x\":1".to_owned()),
        (jti, "\"jti\":\"\"".to_owned()),
        (jti, "\"jti\":7".to_owned()),
        (jti, "\"x\":1".to_owned()),
        (jti, long),
        (jti, format!("{jti},\"nbf\":{}", NOW + 3600)),
        (jti, format!("{jti},\"nbf\":\"soon\"")),
        (jti, format!("{jti},\"iat\":{}", NOW + 3600)),
    ] {
        let reply = ask(&house, &key.sign(&says.clone().with(old, &new))).await;
        assert_eq!((reply.status, &*error(&reply)), (401, "invalid_client"), "{new}: {}", reply.text());
    }
    let both =
        says.clone().with(aud, &format!("[\"https://else.example\",{aud}]")).with(jti, &format!("{jti},\"nbf\":{NOW},\"iat\":{NOW}"));
    assert_eq!(ask(&house, &key.sign(&both)).await.status, 200);
    let issuer = says.with(aud, "\"https://ward.example\"").with(jti, "\"jti\":\"j-2\"");
    assert_eq!(ask(&house, &key.sign(&issuer)).await.status, 200, "the issuer is meant, too");
}

#[tokio::test]
async fn an_assertion_is_good_once_for_its_client() {
    let house = House::new().await;
    let key = Curve::new();
    let proof = || Proof::Keys { jwks: Some(key.jwks.clone()), jwks_uri: None };
    let ((one, _), (two, _)) = (house.client(service(proof())).await, house.client(service(proof())).await);
    let says = Says::honest("ES384", &one, "j-1", NOW);
    assert_eq!(ask(&house, &key.sign(&says)).await.status, 200);
    // ECDSA signs differently each time: it is the `jti` that counts.
    assert_eq!(error(&ask(&house, &key.sign(&says)).await), "invalid_client");
    assert_eq!(ask(&house, &key.sign(&Says::honest("ES384", &two, "j-1", NOW))).await.status, 200, "another's jti is another");
    house.clock.move_seconds(299);
    assert_eq!(error(&ask(&house, &key.sign(&says)).await), "invalid_client");
}

#[tokio::test]
async fn a_service_gets_scopes_of_the_system_that_it_is_registered_for() {
    let house = House::new().await;
    let (client, secret) = house.client(service(Proof::Secret { hashes: Vec::new() })).await;
    let secret = secret.unwrap();
    for (scope, granted) in [
        ("system/Patient.rs", "system/Patient.rs"),
        ("system/*.cruds", "system/*.rs system/Observation.cruds"),
        ("system/Patient.c", ""),
        ("patient/*.rs", ""),
        ("user/*.rs", ""),
        ("openid", ""),
        ("offline_access system/Patient.r", "system/Patient.r"),
    ] {
        let pairs = [("grant_type", "client_credentials"), ("client_id", &client), ("client_secret", &secret), ("scope", scope)];
        let reply = house.post(Endpoint::Token, &pairs).await;
        assert_eq!(text(&reply, "scope"), granted, "{scope}: {}", reply.text());
        assert_eq!(error(&reply), if granted.is_empty() { "invalid_scope" } else { "" });
    }
    let pairs = [("grant_type", "client_credentials"), ("client_id", &client), ("client_secret", &secret)];
    assert_eq!(error(&house.post(Endpoint::Token, &pairs).await), "invalid_request");
}

#[tokio::test]
async fn a_secret_is_presented_in_one_way_and_whole() {
    let house = House::new().await;
    let (client, secret) = house.client(service(Proof::Secret { hashes: Vec::new() })).await;
    let secret = secret.unwrap();
    let basic = |text: &str| format!("Basic {}", base64::encode(text.as_bytes(), base64::PLAIN));
    let form = [("grant_type", "client_credentials"), ("scope", "system/*.rs")];
    let good = basic(&format!("{client}:{secret}"));
    assert_eq!(house.post_as(Endpoint::Token, &form, Some(&good)).await.status, 200);
    assert_eq!(house.post_as(Endpoint::Token, &form, Some(&good.replace("Basic", "basic"))).await.status, 200);
    for header in [
        basic(&format!("{client}:{}", &secret[..secret.len() - 1])),
        basic(&format!("{client}:{secret}x")),
        basic(&format!("{client}:")),
        basic(&format!(":{secret}")),
        basic(&client),
        basic(&format!("c-none:{secret}")),
        basic(&format!("{client}:%zz")),
        format!("Bearer {secret}"),
        "Basic".to_owned(),
        "Basic !!!".to_owned(),
        String::new(),
    ] {
        let reply = house.post_as(Endpoint::Token, &form, Some(&header)).await;
        assert_eq!((reply.status, &*error(&reply)), (401, "invalid_client"), "{header}");
        assert!(reply.challenge.unwrap().starts_with("Basic "));
    }
    let twice = [form[0], form[1], ("client_id", &*client), ("client_secret", &*secret)];
    assert_eq!(error(&house.post_as(Endpoint::Token, &twice, Some(&good)).await), "invalid_request");
    let other = [form[0], form[1], ("client_id", "c-other")];
    assert_eq!(error(&house.post_as(Endpoint::Token, &other, Some(&good)).await), "invalid_request");
}

#[tokio::test]
async fn a_client_proves_itself_in_the_way_that_it_is_registered_for() {
    let house = House::new().await;
    let key = Curve::new();
    let (with_key, _) = house.client(service(Proof::Keys { jwks: Some(key.jwks.clone()), jwks_uri: None })).await;
    let (with_secret, secret) = house.client(service(Proof::Secret { hashes: Vec::new() })).await;
    let form = [("grant_type", "client_credentials"), ("scope", "system/*.rs")];
    assert_eq!(error(&house.post(Endpoint::Token, &[form[0], form[1], ("client_id", &with_key)]).await), "invalid_client");
    let guess = [form[0], form[1], ("client_id", &*with_key), ("client_secret", "x")];
    assert_eq!(error(&house.post(Endpoint::Token, &guess).await), "invalid_client");
    assert_eq!(error(&ask(&house, &key.sign(&Says::honest("ES384", &with_secret, "j-1", NOW))).await), "invalid_client");
    // The secret of a client is no key of it.
    let says = Says::honest("HS256", &with_secret, "j-2", NOW);
    assert_eq!(error(&ask(&house, &says.by_hmac(secret.unwrap().as_bytes())).await), "invalid_client");
    let kind = [form[0], form[1], ("client_assertion_type", "urn:other"), ("client_assertion", "x")];
    assert_eq!(error(&house.post(Endpoint::Token, &kind).await), "invalid_request");
    let assertion = key.sign(&Says::honest("ES384", &with_key, "j-3", NOW));
    let named = [form[0], form[1], ("client_id", &*with_secret), ("client_assertion_type", TYPE), ("client_assertion", &*assertion)];
    assert_eq!(error(&house.post(Endpoint::Token, &named).await), "invalid_client");
}

#[tokio::test]
async fn a_secret_takes_over_from_another_while_both_hold() {
    let house = House::new().await;
    let (client, first) = house.client(service(Proof::Secret { hashes: Vec::new() })).await;
    let works = |secret: String| {
        let (house, client) = (&house, &client);
        async move {
            let pairs =
                [("grant_type", "client_credentials"), ("client_id", client), ("client_secret", &*secret), ("scope", "system/*.rs")];
            house.post(Endpoint::Token, &pairs).await.status == 200
        }
    };
    let find = || async { house.provider.find_client(house.site.tenant, &client).await.unwrap().unwrap() };
    let first = first.unwrap();
    let second = house.provider.change_secret(&find().await).await.unwrap();
    assert!(works(first.clone()).await && works(second.expose().to_owned()).await);
    let third = house.provider.change_secret(&find().await).await.unwrap();
    assert!(!works(first).await && works(second.expose().to_owned()).await && works(third.expose().to_owned()).await);
}

#[tokio::test]
async fn where_services_have_to_sign_a_secret_gets_nothing() {
    let house = House::new().await;
    let (id, secret) = house.client(service(Proof::Secret { hashes: Vec::new() })).await;
    let secret = secret.unwrap();
    let pairs =
        [("grant_type", "client_credentials"), ("scope", "system/*.rs"), ("client_id", id.as_str()), ("client_secret", secret.as_str())];
    assert_eq!(house.post(Endpoint::Token, &pairs).await.status, 200, "by default some may");
    let strict = house.restarted_with(oauth::Settings { service_secrets: false, ..oauth::Settings::default() });
    let params = oauth::Params::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))).unwrap();
    let reply = strict.token(&house.site, oauth::Request { params: &params, authorization: None }).await;
    assert_eq!((reply.status, error(&reply).as_str()), (400, "unauthorized_client"));
    let registered = async |proof: Proof| {
        let mut client = crate::house::app();
        service(proof)(&mut client);
        strict.register_client(client).await.map_err(|refusal| refusal.error())
    };
    assert_eq!(registered(Proof::Secret { hashes: Vec::new() }).await.unwrap_err(), "invalid_client_metadata");
    assert!(registered(Proof::Keys { jwks: Some(Curve::new().jwks), jwks_uri: None }).await.is_ok());
    let kept = strict.find_client(house.site.tenant, &id).await.unwrap().unwrap();
    assert!(strict.change_client(&kept, &kept.record).await.is_err());
    // Apps that act for users may have secrets anyway.
    let app = Client { proof: Proof::Secret { hashes: Vec::new() }, ..crate::house::app() };
    assert!(strict.register_client(app).await.is_ok());
}
