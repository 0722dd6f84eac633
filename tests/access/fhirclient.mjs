// npm's fhirclient (SMART's own) as an app: node fhirclient.mjs HOUSE.json
import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { app } from './app.mjs';
import { address, fhir, operator, person } from './house.mjs';
import { Page } from './person.mjs';

const SCOPE = 'openid fhirUser launch launch/patient launch/encounter offline_access online_access patient/*.cruds user/*.cruds';

// An app that registers itself, and is closed at the end.
async function registered(scope, more = {}) {
  const known = await app({ iss: fhir, scope, pkceMode: 'required' });
  after(known.close);
  const metadata = {
    client_name: 'Growth chart',
    redirect_uris: [`${known.address}/`],
    initiate_login_uri: `${known.address}/launch`,
    grant_types: ['authorization_code', 'refresh_token'],
    scope: SCOPE,
    token_endpoint_auth_method: 'none',
    ...more,
  };
  const answer = await fetch(`${address}/auth/register`, { method: 'POST', body: JSON.stringify(metadata) });
  assert.equal(answer.status, 201);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  const { client_id: id, client_secret: secret } = await answer.json();
  Object.assign(known, { id, secret });
  known.settings = { clientId: known.id };
  return known;
}

// Launched by its user, who decides as `decided` says: the library's client.
async function launched(known, who, decided = {}) {
  const page = await who.allow(`${known.address}/launch`, decided);
  assert.ok(page instanceof Page && page.text === 'You are back.', page.text);
  if (known.client instanceof Error) throw known.client;
  return known.client;
}

const refused = (client, path, status) => assert.rejects(client.request(path), (error) => error.statusCode === status);
// Two of the demonstration's patients, of whom neither is the one who signs in.
const [someone, another] = ['p000002', 'p000003'];

test('a patient launches an app by itself, and shows it their own record', async () => {
  const known = await registered('openid fhirUser launch/patient patient/*.rs');
  const who = person('patient');
  const client = await launched(known, who);
  assert.equal(client.patient.id, who.fhirUser.split('/')[1]);
  assert.equal(client.user.fhirUser, who.fhirUser);
  assert.equal(client.user.resourceType, 'Patient');
  assert.equal(client.state.tokenResponse.need_patient_banner, true);
  assert.equal((await client.patient.read()).id, client.patient.id);
  const own = await client.patient.request('Observation?_count=500', { flat: true, pageLimit: 0 });
  const all = await operator(`Observation?patient=${client.patient.id}&_summary=count`);
  assert.ok(own.length > 0 && own.length === all.total, `${own.length} of ${all.total}`);
  const everybody = await client.request('Observation?_summary=count');
  assert.equal(everybody.total, all.total);
  const stranger = [someone, another].find((id) => id !== client.patient.id);
  await refused(client, `Patient/${stranger}`, 404);
  assert.equal((await client.request(`Observation?patient=${stranger}&_summary=count`)).total, 0);
  await assert.rejects(client.create({ resourceType: 'Observation', status: 'final', code: { text: 'x' } }), (error) => error.statusCode === 403);
});

test('a physician chooses a patient, and the app sees that one alone', async () => {
  const known = await registered('openid fhirUser launch/patient patient/Patient.r patient/Observation.rs');
  const client = await launched(known, person('physician'), { patient: another });
  assert.equal(client.patient.id, another);
  assert.equal((await client.patient.read()).id, another);
  await refused(client, `Patient/${someone}`, 404);
  await refused(client, 'Condition', 403);
  await refused(client, 'Patient?_count=1', 403);
});

test('a physician chooses a patient and one of their encounters, or none', async () => {
  const known = await registered('openid launch/patient launch/encounter patient/Patient.r patient/Encounter.rs');
  const client = await launched(known, person('physician'), { patient: another, encounter: 'first' });
  assert.equal(client.patient.id, another);
  const { subject } = await client.encounter.read();
  assert.equal(subject.reference, `Patient/${another}`);
  assert.equal(client.getState('tokenResponse.encounter'), client.encounter.id);
  const without = await launched(known, person('physician'), { patient: another, encounter: '-none-' });
  assert.equal(without.encounter.id, null);
  assert.ok(!without.getState('tokenResponse.scope').split(' ').includes('launch/encounter'));
});

test('an app is launched from the record, with patient and encounter', async () => {
  const known = await registered('openid fhirUser launch patient/*.rs');
  const encounter = (await operator(`Encounter?patient=${someone}&_count=1`)).entry[0].resource.id;
  const who = person('physician');
  let page = await who.visit(`${address}/auth/launch?patient=${someone}&encounter=${encounter}`);
  page = await who.signIn(page);
  assert.ok(page.text.includes('Growth chart'));
  page = await who.visit(`${address}/auth/launch?app=${known.id}&patient=${someone}&encounter=${encounter}`);
  page = await who.fill(page, '/auth/launch', { act: 'open' });
  assert.ok(page.address.startsWith(`${address}/auth/authorize?`), page.address);
  assert.equal(new URL(page.address).searchParams.get('aud'), fhir);
  assert.deepEqual(page.offered('ward_patient'), [], 'it is known whose record is open');
  page = await who.fill(page, '/auth/authorize', { ward_decision: 'allow' });
  assert.equal(page.text, 'You are back.');
  const { client } = known;
  assert.equal(client.patient.id, someone);
  assert.equal(client.encounter.id, encounter);
  assert.equal((await client.encounter.read()).id, encounter);
  assert.equal((await client.patient.read()).id, someone);
  await refused(client, `Patient/${another}`, 404);
});

test('a launch counts once, and for its app alone', async () => {
  const known = await registered('openid launch patient/*.rs');
  const other = await registered('openid launch patient/*.rs');
  const who = person('physician');
  await who.signIn(await who.visit(`${address}/auth/launch`));
  const page = await who.visit(`${address}/auth/launch?app=${known.id}&patient=${someone}`);
  const begin = await who.fill(page, '/auth/launch', { act: 'open' }, { until: known.address });
  assert.equal(begin.searchParams.get('iss'), fhir);
  const stolen = await who.visit(begin.href.replace(known.address, other.address));
  assert.match(stolen.text, /launch was used, has ended, or is another client/);
  const asked = await who.visit(begin.href);
  await who.fill(asked, '/auth/authorize', { ward_decision: 'allow' });
  assert.equal(known.client.patient.id, someone);
  assert.match((await who.visit(begin.href)).text, /launch was used, has ended, or is another client/);
});

test('the user narrows what is asked for', async () => {
  const known = await registered('openid launch/patient patient/Patient.r patient/Observation.rs patient/Condition.rs');
  const who = person('physician');
  const page = await who.signIn(await who.visit(`${known.address}/launch`));
  const scopes = page.offered('ward_scope');
  assert.deepEqual(scopes, ['openid', 'launch/patient', 'patient/Patient.r', 'patient/Observation.rs', 'patient/Condition.rs']);
  const client = await launched(known, who, { patient: someone, scopes: scopes.filter((scope) => scope !== 'patient/Condition.rs') });
  assert.equal(client.state.tokenResponse.scope, 'openid launch/patient patient/Patient.r patient/Observation.rs');
  assert.ok((await client.request(`Observation?patient=${someone}&_count=1`)).entry.length === 1);
  await refused(client, `Condition?patient=${someone}`, 403);
});

test('nobody grants more than was asked for', async () => {
  const known = await registered('launch/patient patient/Patient.r');
  const greedy = ['launch/patient', 'patient/*.cruds'];
  await assert.rejects(launched(known, person('physician'), { patient: someone, scopes: greedy }), /access_denied/);
});

test('scopes of the first version mean what they meant', async () => {
  const known = await registered('launch/patient patient/Observation.read patient/Condition.write');
  const client = await launched(known, person('physician'), { patient: someone });
  assert.equal(client.state.tokenResponse.scope, 'launch/patient patient/Observation.read patient/Condition.write');
  assert.ok((await client.request(`Observation?patient=${someone}&_count=1`)).entry.length === 1);
  await refused(client, `Condition?patient=${someone}`, 403);
  const made = await client.create({
    resourceType: 'Condition',
    code: { text: 'Written by a scope of version 1' },
    subject: { reference: `Patient/${someone}` },
  });
  assert.ok(made.id);
  const elsewhere = { resourceType: 'Condition', code: { text: 'x' }, subject: { reference: `Patient/${another}` } };
  await assert.rejects(client.create(elsewhere), (error) => [403, 404].includes(error.statusCode));
});

test('a scope with search parameters shows those alone', async () => {
  const category = 'http://terminology.hl7.org/CodeSystem/observation-category|vital-signs';
  const known = await registered(`launch/patient patient/Observation.rs?category=${category}`);
  const client = await launched(known, person('physician'), { patient: someone });
  assert.equal(client.state.tokenResponse.scope, `launch/patient patient/Observation.rs?category=${category}`);
  const query = `Observation?patient=${someone}&_summary=count`;
  const seen = (await client.request(query)).total;
  assert.equal(seen, (await operator(`${query}&category=${category}`)).total);
  assert.ok(seen > 0 && seen < (await operator(query)).total, `${seen}`);
  const hidden = (await operator(`Observation?patient=${someone}&category:not=${category}&_count=1`)).entry[0].resource.id;
  await refused(client, `Observation/${hidden}`, 404);
});

test('a token is refreshed when it has ended, and by hand', async () => {
  const known = await registered('openid launch/patient offline_access patient/Patient.r');
  const client = await launched(known, person('physician'), { patient: someone });
  const { access_token: first, refresh_token: once } = client.state.tokenResponse;
  await client.refresh();
  assert.notEqual(client.state.tokenResponse.access_token, first);
  assert.notEqual(client.state.tokenResponse.refresh_token, once);
  assert.equal(client.state.tokenResponse.patient, someone);
  // The library refreshes by itself when a token is about to end.
  const second = client.state.tokenResponse.access_token;
  client.state.expiresAt = Math.floor(Date.now() / 1000) + 5;
  assert.equal((await client.patient.read()).id, someone);
  assert.notEqual(client.state.tokenResponse.access_token, second);
});

test('what a user takes back is over', async () => {
  const known = await registered('launch/patient offline_access patient/Patient.r');
  const who = person('receptionist');
  const client = await launched(known, who, { patient: someone });
  assert.equal((await client.patient.read()).id, someone);
  const page = await who.visit(`${address}/auth/apps`);
  assert.match(page.text, /Growth chart/);
  const [given] = page.text.match(/(?<=name="end" value=")[^"]+/);
  await who.fill(page, '/auth/apps', { end: given });
  await assert.rejects(client.refresh(), (error) => /invalid_grant/.test(error.message) || error.statusCode === 400);
  const answer = await fetch(`${fhir}/Patient/${someone}`, { headers: { authorization: client.getAuthorizationHeader() } });
  assert.equal(answer.status, 401);
});

test('an app with a secret is let in with it alone', async () => {
  const known = await registered('openid launch/patient offline_access patient/Patient.r', { token_endpoint_auth_method: 'client_secret_basic' });
  const { secret } = known;
  known.settings.clientSecret = 'guessed';
  await assert.rejects(launched(known, person('physician'), { patient: someone }), /invalid_client/);
  known.settings.clientSecret = secret;
  const client = await launched(known, person('physician'), { patient: someone });
  await client.refresh();
  assert.equal((await client.patient.read()).id, someone);
});

test('an app that signs is let in with its key alone', async () => {
  const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, ['sign', 'verify']);
  const facts = { kid: 'k1', alg: 'ES384' };
  const jwks = { keys: [{ ...(await crypto.subtle.exportKey('jwk', publicKey)), ...facts }] };
  const known = await registered('openid launch/patient patient/Patient.r', { token_endpoint_auth_method: 'private_key_jwt', jwks });
  known.settings.clientPrivateJwk = { ...(await crypto.subtle.exportKey('jwk', privateKey)), ...facts };
  const client = await launched(known, person('physician'), { patient: someone });
  assert.equal((await client.patient.read()).id, someone);
  const other = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, ['sign', 'verify']);
  known.settings.clientPrivateJwk = { ...(await crypto.subtle.exportKey('jwk', other.privateKey)), ...facts };
  await assert.rejects(launched(known, person('physician'), { patient: someone }), /invalid_client/);
});
