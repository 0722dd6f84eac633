// npm's openid-client, which verifies what it is given: node openid-client.mjs HOUSE.json
import assert from 'node:assert/strict';
import test from 'node:test';
import * as oidc from 'openid-client';

import { address, back, clients, fhir, key, operator, person } from './house.mjs';

const issuer = new URL(address);
const local = { execute: [oidc.allowInsecureRequests] };
const { workbench } = clients;
const discover = (client, authentication, metadata) => oidc.discovery(issuer, client.id, metadata, authentication, local);
const config = await discover(workbench, oidc.ClientSecretBasic(workbench.secret));
const get = (token, path) => fetch(`${fhir}/${path}`, { headers: { authorization: `Bearer ${token}` } });
const signingKey = async (name) => {
  const { alg, kid, ...jwk } = key(name);
  const algorithm = alg === 'ES384' ? { name: 'ECDSA', namedCurve: 'P-384' } : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384' };
  return { key: await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign']), kid };
};

// A request for a code, what has to be checked of its answer, and who allows it.
async function ask(scope, more = {}, known = config) {
  const checks = { pkceCodeVerifier: oidc.randomPKCECodeVerifier(), expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce() };
  const authorize = oidc.buildAuthorizationUrl(known, {
    redirect_uri: back,
    scope,
    aud: fhir,
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...more,
  });
  return { authorize: authorize.href, checks };
}

async function tokens(who, scope, decided = {}, known = config) {
  const { authorize, checks } = await ask(scope, decided.more, known);
  const answer = await who.allow(authorize, { until: back, ...decided });
  return oidc.authorizationCodeGrant(known, answer, checks);
}

// That something is refused with this error. Of an answer with `WWW-Authenticate` the library tells nothing else, so its body is read.
async function refused(promise, error, status = 400) {
  const thrown = await promise.then(() => assert.fail(`it was given, not refused with ${error}`), (reason) => reason);
  const told = thrown.code === 'OAUTH_WWW_AUTHENTICATE_CHALLENGE' ? await thrown.response.json() : thrown;
  assert.equal(told.error, error, thrown);
  if (thrown.status) assert.equal(thrown.status, status);
}

test('discovery says what is there', () => {
  const metadata = config.serverMetadata();
  assert.equal(metadata.issuer, address);
  assert.deepEqual(metadata.code_challenge_methods_supported, ['S256']);
  assert.equal(config.serverMetadata().supportsPKCE(), true);
  assert.ok(metadata.grant_types_supported.includes('urn:ietf:params:oauth:grant-type:device_code'));
  for (const name of ['authorization', 'token', 'userinfo', 'revocation', 'introspection', 'registration', 'device_authorization']) {
    assert.ok(metadata[`${name}_endpoint`].startsWith(`${address}/auth/`), name);
  }
});

test('a code with PKCE, a second factor, and an ID token that the library verifies', async () => {
  const nurse = person('nurse');
  await nurse.setUpSecondFactor(address);
  const someoneElsesBrowser = Object.assign(person('nurse'), { code: nurse.code });
  const given = await tokens(someoneElsesBrowser, 'openid fhirUser profile offline_access user/Patient.rs');
  const claims = given.claims();
  assert.equal(claims.iss, address);
  assert.equal(claims.aud, workbench.id);
  assert.equal(claims.fhirUser, `${fhir}/${nurse.fhirUser}`);
  assert.equal(claims.name, 'nurse');
  assert.equal(given.scope, 'openid fhirUser profile offline_access user/Patient.rs');
  assert.equal(given.expires_in, 900);
  const told = await oidc.fetchUserInfo(config, given.access_token, claims.sub);
  assert.equal(told.fhirUser, claims.fhirUser);
  assert.equal((await get(given.access_token, 'Patient?_count=1')).status, 200);
  assert.equal((await get(given.access_token, 'Observation?_count=1')).status, 403);
});

test('a wrong second factor is refused', async () => {
  const biller = person('biller');
  await biller.setUpSecondFactor(address);
  const stranger = Object.assign(person('biller'), { code: () => 'AAAAA-AAAAA' });
  const page = await stranger.allow((await ask('openid')).authorize, { until: back }).catch((error) => error);
  assert.match(page.message, /no form for \/auth\/authorize/);
  assert.match(page.message, /second-factor/);
});

test('state, verifier and code count once', async () => {
  const { authorize, checks } = await ask('openid user/Patient.r');
  const answer = await person('physician').allow(authorize, { until: back });
  assert.equal(answer.searchParams.get('iss'), address);
  await assert.rejects(oidc.authorizationCodeGrant(config, answer, { ...checks, expectedState: 'another' }), { code: 'OAUTH_INVALID_RESPONSE' });
  const other = { ...checks, pkceCodeVerifier: oidc.randomPKCECodeVerifier() };
  await refused(oidc.authorizationCodeGrant(config, answer, other), 'invalid_grant', 400);
  const given = await oidc.authorizationCodeGrant(config, answer, checks);
  await refused(oidc.authorizationCodeGrant(config, answer, checks), 'invalid_grant', 400);
  // A code that comes twice was stolen: what was given for it ends.
  assert.equal((await get(given.access_token, 'Patient?_count=1')).status, 401);
});

test('without PKCE, and with plain, nothing is given', async () => {
  for (const more of [{ code_challenge: '', code_challenge_method: '' }, { code_challenge_method: 'plain' }]) {
    const { authorize, checks } = await ask('openid', more);
    const answer = await person('physician').allow(authorize, { until: back });
    await refused(oidc.authorizationCodeGrant(config, answer, checks), 'invalid_request');
  }
});

test('whoever refuses is believed', async () => {
  const { authorize, checks } = await ask('openid user/Patient.r');
  const answer = await person('physician').allow(authorize, { until: back, decision: 'refuse' });
  await refused(oidc.authorizationCodeGrant(config, answer, checks), 'access_denied');
});

test('nobody is shown anything with prompt=none', async () => {
  const { authorize, checks } = await ask('openid', { prompt: 'none' });
  const answer = await person('physician').visit(authorize, { until: back });
  await refused(oidc.authorizationCodeGrant(config, answer, checks), 'login_required');
});

test('refreshed tokens are others, and one that was used ends all', async () => {
  const given = await tokens(person('physician'), 'openid offline_access user/Patient.rs');
  const next = await oidc.refreshTokenGrant(config, given.refresh_token);
  assert.notEqual(next.access_token, given.access_token);
  assert.notEqual(next.refresh_token, given.refresh_token);
  assert.equal(next.scope, given.scope);
  assert.equal(next.claims().sub, given.claims().sub);
  const narrow = await oidc.refreshTokenGrant(config, next.refresh_token, { scope: 'user/Patient.r' });
  assert.equal(narrow.scope, 'user/Patient.r');
  assert.equal((await get(narrow.access_token, 'Patient?_count=1')).status, 403);
  await refused(oidc.refreshTokenGrant(config, narrow.refresh_token, { scope: 'user/*.cruds' }), 'invalid_scope');
  await refused(oidc.refreshTokenGrant(config, given.refresh_token), 'invalid_grant');
  await refused(oidc.refreshTokenGrant(config, narrow.refresh_token), 'invalid_grant');
  assert.equal((await get(narrow.access_token, 'Patient/none')).status, 401);
});

test('online access ends with the session', async () => {
  const who = person('pharmacist');
  const given = await tokens(who, 'openid online_access user/Patient.rs');
  assert.equal((await oidc.tokenIntrospection(config, given.access_token)).active, true);
  const page = await who.visit(`${address}/auth/sessions`);
  await who.fill(page, '/auth/sign-out', {});
  assert.equal((await oidc.tokenIntrospection(config, given.access_token)).active, false);
  await refused(oidc.refreshTokenGrant(config, given.refresh_token), 'invalid_grant');
});

test('introspection and revocation', async () => {
  const given = await tokens(person('physician'), 'openid fhirUser offline_access user/Patient.rs');
  const told = await oidc.tokenIntrospection(config, given.access_token);
  assert.equal(told.active, true);
  assert.equal(told.client_id, workbench.id);
  assert.equal(told.scope, given.scope);
  assert.equal(told.sub, given.claims().sub);
  assert.equal(told.fhirUser, given.claims().fhirUser);
  assert.ok(told.exp > Date.now() / 1000);
  await oidc.tokenRevocation(config, given.refresh_token);
  assert.deepEqual({ ...(await oidc.tokenIntrospection(config, given.access_token)) }, { active: false });
  assert.equal((await get(given.access_token, 'Patient?_count=1')).status, 401);
  await oidc.tokenRevocation(config, 'there-is-none');
});

test('a service gets what it is registered for, with its secret', async () => {
  const given = await oidc.clientCredentialsGrant(config, { scope: 'system/Patient.rs' });
  assert.equal(given.refresh_token, undefined);
  const found = await (await get(given.access_token, 'Patient?_summary=count')).json();
  assert.equal(found.total, (await operator('Patient?_summary=count')).total);
  assert.equal((await get(given.access_token, 'Observation?_count=1')).status, 403);
  await refused(oidc.clientCredentialsGrant(config, { scope: 'user/Patient.rs' }), 'invalid_scope');
  const guessing = await discover(workbench, oidc.ClientSecretPost('guessed'));
  await refused(oidc.clientCredentialsGrant(guessing, { scope: 'system/Patient.rs' }), 'invalid_client', 401);
  const posting = await discover(workbench, oidc.ClientSecretPost(workbench.secret));
  assert.equal((await oidc.clientCredentialsGrant(posting, { scope: 'system/Patient.r' })).scope, 'system/Patient.r');
});

for (const alg of ['ES384', 'RS384']) {
  test(`a service signs with ${alg}`, async () => {
    const signing = await signingKey(alg);
    const service = await discover(clients[alg], oidc.PrivateKeyJwt(signing));
    const given = await oidc.clientCredentialsGrant(service, { scope: 'system/Patient.rs' });
    assert.equal(given.expires_in, 300);
    assert.equal((await get(given.access_token, 'Patient?_count=1')).status, 200);
    // The audience that SMART names beside the issuer: the token endpoint.
    const aud = { [oidc.modifyAssertion]: (_, payload) => Object.assign(payload, { aud: `${address}/auth/token` }) };
    const named = await discover(clients[alg], oidc.PrivateKeyJwt(signing, aud));
    assert.equal((await oidc.clientCredentialsGrant(named, { scope: 'system/Patient.r' })).scope, 'system/Patient.r');
    const once = crypto.randomUUID();
    const twice = { [oidc.modifyAssertion]: (_, payload) => Object.assign(payload, { jti: once }) };
    const replaying = await discover(clients[alg], oidc.PrivateKeyJwt(signing, twice));
    await oidc.clientCredentialsGrant(replaying, { scope: 'system/Patient.r' });
    await refused(oidc.clientCredentialsGrant(replaying, { scope: 'system/Patient.r' }), 'invalid_client', 401);
    const elsewhere = { [oidc.modifyAssertion]: (_, payload) => Object.assign(payload, { aud: 'https://elsewhere.example/token' }) };
    const misled = await discover(clients[alg], oidc.PrivateKeyJwt(signing, elsewhere));
    await refused(oidc.clientCredentialsGrant(misled, { scope: 'system/Patient.r' }), 'invalid_client', 401);
  });
}

test('a key of another client proves nothing', async () => {
  const wrong = await discover(clients.ES384, oidc.PrivateKeyJwt(await signingKey('RS384')));
  await refused(oidc.clientCredentialsGrant(wrong, { scope: 'system/Patient.r' }), 'invalid_client', 401);
});

test('an app that signs acts for a user', async () => {
  const app = await discover(clients.ES384, oidc.PrivateKeyJwt(await signingKey('ES384')));
  const given = await tokens(person('physician'), 'openid fhirUser user/Observation.rs', {}, app);
  assert.equal(given.claims().aud, clients.ES384.id);
  assert.equal((await get(given.access_token, 'Observation?_count=1')).status, 200);
});

test('a device waits for its user, and has the tokens that they allow', async () => {
  const device = await oidc.initiateDeviceAuthorization(config, { scope: 'openid fhirUser user/Patient.rs' });
  assert.match(device.user_code, /^[B-Z]{4}-[B-Z]{4}$/);
  const asks = () => oidc.genericGrantRequest(config, 'urn:ietf:params:oauth:grant-type:device_code', { device_code: device.device_code });
  await refused(asks(), 'authorization_pending');
  const who = person('physician');
  let page = await who.signIn(await who.visit(device.verification_uri_complete));
  page = await who.fill(page, '/auth/device', { user_code: device.user_code.toLowerCase() });
  page = await who.fill(page, '/auth/device', { ward_decision: 'allow' });
  assert.match(page.text, /go back to your device/);
  const given = await oidc.pollDeviceAuthorizationGrant(config, device);
  assert.equal((await get(given.access_token, 'Patient?_count=1')).status, 200);
  await refused(asks(), 'invalid_grant');
  const unwanted = await oidc.initiateDeviceAuthorization(config, { scope: 'user/Patient.rs' });
  page = await who.visit(unwanted.verification_uri_complete);
  page = await who.fill(page, '/auth/device', {});
  await who.fill(page, '/auth/device', { ward_decision: 'refuse' });
  await refused(oidc.pollDeviceAuthorizationGrant(config, unwanted), 'access_denied');
});

test('an app registers itself, for users only', async () => {
  const metadata = {
    client_name: 'Walked in',
    redirect_uris: [back],
    scope: 'openid fhirUser user/Patient.rs',
    token_endpoint_auth_method: 'none',
    id_token_signed_response_alg: 'ES384',
  };
  const walkedIn = await oidc.dynamicClientRegistration(issuer, metadata, oidc.None(), local);
  assert.equal(walkedIn.clientMetadata().client_secret, undefined);
  const given = await tokens(person('physician'), 'openid fhirUser user/Patient.rs', {}, walkedIn);
  assert.equal(given.claims().aud, walkedIn.clientMetadata().client_id);
  assert.equal(JSON.parse(Buffer.from(given.id_token.split('.')[0], 'base64url')).alg, 'ES384');
  const greedy = { ...metadata, scope: 'system/*.cruds' };
  await refused(oidc.dynamicClientRegistration(issuer, greedy, oidc.None(), local), 'invalid_scope', 400);
  const open = { ...metadata, redirect_uris: ['http://elsewhere.example/back'] };
  await refused(oidc.dynamicClientRegistration(issuer, open, oidc.None(), local), 'invalid_redirect_uri', 400);
});
