// A clinic's day with npm's fhir-kit-client: node fhir-kit-client.mjs BASE_URL
import assert from 'node:assert/strict';
import { Client } from 'fhir-kit-client';

const client = new Client({ baseUrl: process.argv[2] });

// What can the server do?
const statement = await client.capabilityStatement();
assert.equal(statement.resourceType, 'CapabilityStatement');
assert.equal(statement.fhirVersion, '4.0.1');

// The desk registers a patient, corrects the record, and looks at what was there before.
const created = await client.create({
  resourceType: 'Patient',
  body: {
    resourceType: 'Patient',
    identifier: [{ system: 'urn:oid:1.2.36.146.595.217.0.1', value: 'kit-4711' }],
    name: [{ family: 'Kittelmann', given: ['Frieda'] }],
    birthDate: '1962-03-01',
  },
});
assert.equal(Client.httpFor(created).response.status, 201);
assert.equal(created.meta.versionId, '1');
const id = created.id;
const updated = await client.update({ resourceType: 'Patient', id, body: { ...created, gender: 'female' } });
assert.equal(updated.meta.versionId, '2');
assert.equal((await client.read({ resourceType: 'Patient', id })).gender, 'female');
assert.equal((await client.vread({ resourceType: 'Patient', id, version: '1' })).gender, undefined);

// A JSON Patch, then one on top of a version that is gone.
const patched = await client.patch({
  resourceType: 'Patient',
  id,
  jsonPatch: [{ op: 'add', path: '/telecom', value: [{ system: 'phone', value: '+49 30 1234' }] }],
});
assert.equal(patched.telecom[0].value, '+49 30 1234');
await assert.rejects(
  client.patch({
    resourceType: 'Patient',
    id,
    jsonPatch: [{ op: 'replace', path: '/birthDate', value: '1962-03-02' }],
    options: { headers: { 'If-Match': 'W/"1"' } },
  }),
  (error) => error.response.status === 412 && error.response.data.resourceType === 'OperationOutcome',
);

// Update by criteria: the same record, not a second one.
const byCriteria = await client.update({
  resourceType: 'Patient',
  searchParams: { identifier: 'urn:oid:1.2.36.146.595.217.0.1|kit-4711' },
  body: { ...patched, active: true },
});
assert.equal(byCriteria.id, id);

// A visit with its findings, all or nothing.
const visit = await client.transaction({
  body: {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: 'urn:uuid:6f2ad3f1-6d44-4a2c-a1f4-1f0a8f5b3c01',
        resource: {
          resourceType: 'Encounter',
          status: 'finished',
          class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
          subject: { reference: `Patient/${id}` },
          period: { start: '2024-05-02T09:00:00Z', end: '2024-05-02T09:30:00Z' },
        },
        request: { method: 'POST', url: 'Encounter' },
      },
      ...[36.6, 37.2, 38.4].map((value, index) => ({
        resource: {
          resourceType: 'Observation',
          status: 'final',
          code: { coding: [{ system: 'http://loinc.org', code: '8310-5', display: 'Body temperature' }] },
          subject: { reference: `Patient/${id}` },
          encounter: { reference: 'urn:uuid:6f2ad3f1-6d44-4a2c-a1f4-1f0a8f5b3c01' },
          effectiveDateTime: `2024-05-02T09:1${index}:00Z`,
          valueQuantity: { value, unit: 'Cel', system: 'http://unitsofmeasure.org', code: 'Cel' },
        },
        request: { method: 'POST', url: 'Observation' },
      })),
    ],
  },
});
assert.deepEqual(visit.entry.map(({ response }) => response.status.slice(0, 3)), ['201', '201', '201', '201']);

// The physician looks at them, page by page and back.
let page = await client.search({
  resourceType: 'Observation',
  searchParams: { patient: id, code: 'http://loinc.org|8310-5', _sort: '-date', _count: 2, _include: 'Observation:encounter' },
});
const values = (bundle) => bundle.entry.filter(({ search }) => search.mode === 'match').map(({ resource }) => resource.valueQuantity.value);
assert.deepEqual(values(page), [38.4, 37.2]);
assert.equal(page.entry.filter(({ search }) => search.mode === 'include').length, 1);
page = await client.nextPage({ bundle: page });
assert.deepEqual(values(page), [36.6]);
page = await client.prevPage({ bundle: page });
assert.deepEqual(values(page), [38.4, 37.2]);
const posted = await client.resourceSearch({
  resourceType: 'Observation',
  searchParams: { patient: id, 'value-quantity': 'gt37||Cel' },
  options: { postSearch: true },
});
assert.equal(posted.entry.length, 2);
const inChart = await client.compartmentSearch({
  resourceType: 'Observation',
  compartment: { resourceType: 'Patient', id },
  searchParams: { code: '8310-5' },
});
assert.equal(inChart.entry.length, 3);
const everywhere = await client.systemSearch({ searchParams: { _type: 'Patient,Encounter', _id: `${id},${visit.entry[0].response.location.split('/').at(-3)}` } });
assert.ok(everywhere.entry.length >= 1);

// The whole chart, the record's history, and its end.
const chart = await client.operation({ name: 'everything', resourceType: 'Patient', id, method: 'GET' });
assert.equal(chart.resourceType, 'Bundle');
assert.ok(chart.entry.length >= 5);
const history = await client.history({ resourceType: 'Patient', id });
assert.equal(history.entry.length, Number(byCriteria.meta.versionId));
const batch = await client.batch({
  body: {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [
      { request: { method: 'GET', url: `Patient/${id}` } },
      { request: { method: 'GET', url: 'Patient/there-is-none' } },
    ],
  },
});
assert.deepEqual(batch.entry.map(({ response }) => response.status.slice(0, 3)), ['200', '404']);
await client.delete({ resourceType: 'Observation', id: inChart.entry[0].resource.id });
await assert.rejects(client.read({ resourceType: 'Observation', id: inChart.entry[0].resource.id }), (error) => error.response.status === 410);
console.log('fhir-kit-client: the day is done');
