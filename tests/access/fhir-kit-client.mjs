// npm's fhir-kit-client with tokens of different scopes: node fhir-kit-client.mjs HOUSE.json
import assert from 'node:assert/strict';
import test from 'node:test';
import { Client } from 'fhir-kit-client';

import { address, clients, fhir, operator } from './house.mjs';

const { id, secret } = clients.workbench;

// The token of a service, as its own code would get it: the library leaves that to others.
async function token(scope) {
  const { tokenUrl } = await new Client({ baseUrl: fhir }).smartAuthMetadata();
  const authorization = `Basic ${btoa(`${id}:${secret}`)}`;
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope });
  const answer = await fetch(tokenUrl, { method: 'POST', headers: { authorization }, body });
  assert.equal(answer.status, 200);
  return (await answer.json()).access_token;
}

const withScope = async (scope) => new Client({ baseUrl: fhir, bearerToken: await token(scope) });
const refused = (promise, status) =>
  assert.rejects(promise, ({ response }) => response.status === status && response.data.resourceType === 'OperationOutcome');

test('the library finds where to ask for tokens', async () => {
  const found = await new Client({ baseUrl: fhir }).smartAuthMetadata();
  assert.equal(found.authorizeUrl.href, `${address}/auth/authorize`);
  assert.equal(found.tokenUrl.href, `${address}/auth/token`);
  assert.equal(found.registerUrl.href, `${address}/auth/register`);
});

test('without a token nothing is given but the CapabilityStatement', async () => {
  const client = new Client({ baseUrl: fhir });
  assert.equal((await client.capabilityStatement()).resourceType, 'CapabilityStatement');
  await refused(client.search({ resourceType: 'Patient' }), 401);
  client.bearerToken = 'ward_at_0123456789';
  await refused(client.search({ resourceType: 'Patient' }), 401);
});

test('create, read, update, patch and delete, where the scope has them', async () => {
  const client = await withScope('system/Patient.cruds');
  const made = await client.create({ resourceType: 'Patient', body: { resourceType: 'Patient', name: [{ family: 'Scope' }] } });
  assert.equal(made.meta.versionId, '1');
  assert.equal((await client.update({ resourceType: 'Patient', id: made.id, body: { ...made, gender: 'other' } })).meta.versionId, '2');
  const jsonPatch = [{ op: 'replace', path: '/gender', value: 'female' }];
  assert.equal((await client.patch({ resourceType: 'Patient', id: made.id, jsonPatch })).gender, 'female');
  assert.equal((await client.read({ resourceType: 'Patient', id: made.id })).gender, 'female');
  await client.delete({ resourceType: 'Patient', id: made.id });
  await refused(client.read({ resourceType: 'Patient', id: made.id }), 410);
  assert.equal((await operator(`Patient/${made.id}`)).resourceType, 'OperationOutcome');
});

test('each letter of a scope allows one act, and no other', async () => {
  const body = { resourceType: 'Basic', code: { text: 'made under a scope' } };
  const creator = await withScope('system/Basic.c');
  const made = await creator.create({ resourceType: 'Basic', body });
  const acts = {
    c: (client) => client.create({ resourceType: 'Basic', body }),
    r: (client) => client.read({ resourceType: 'Basic', id: made.id }),
    u: (client) => client.update({ resourceType: 'Basic', id: made.id, body: { ...body, id: made.id } }),
    s: (client) => client.search({ resourceType: 'Basic' }),
    d: (client) => client.delete({ resourceType: 'Basic', id: made.id }),
  };
  for (const allowed of Object.keys(acts)) {
    const client = await withScope(`system/Basic.${allowed}`);
    for (const [letter, act] of Object.entries(acts)) {
      if (letter === allowed) await act(client);
      // A PUT may create, too: to whoever may do that alone, what they may not see is not there.
      else await refused(act(client), allowed === 'c' && letter === 'u' ? 405 : 403);
    }
  }
});

test('each entry of a batch is judged for itself, and a transaction as a whole', async () => {
  const client = await withScope('system/Patient.crs');
  const entry = (type, resource) => ({ request: { method: 'POST', url: type }, resource: { resourceType: type, ...resource } });
  const entries = [entry('Patient', { name: [{ family: 'Batched' }] }), entry('Basic', { code: { text: 'x' } })];
  const bundle = (type) => ({ body: { resourceType: 'Bundle', type, entry: entries } });
  const batch = await client.batch(bundle('batch'));
  assert.deepEqual(batch.entry.map(({ response }) => response.status.slice(0, 3)), ['201', '403']);
  const before = (await operator('Patient?family=Batched&_summary=count')).total;
  await refused(client.transaction(bundle('transaction')), 403);
  assert.equal((await operator('Patient?family=Batched&_summary=count')).total, before);
});

test('what is included is what may be seen', async () => {
  const client = await withScope('system/Observation.rs');
  const found = await client.search({ resourceType: 'Observation', searchParams: { _include: 'Observation:subject', _count: 5 } });
  assert.deepEqual([...new Set(found.entry.map(({ resource }) => resource.resourceType))], ['Observation']);
  await refused(client.search({ resourceType: 'Patient', searchParams: { _revinclude: 'Observation:subject' } }), 403);
});
