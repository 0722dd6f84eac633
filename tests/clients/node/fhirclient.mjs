// An app's day with npm's fhirclient (SMART's own), on an open endpoint: node fhirclient.mjs BASE_URL
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import fhirclient from 'fhirclient';

const base = process.argv[2];
// The library's Node adapter wants the request that it serves.
const client = await new Promise((resolve) => {
  const listener = createServer((request, response) => {
    resolve(fhirclient(request, response).client(base));
    response.end();
    listener.close();
  });
  listener.listen(0, '127.0.0.1', () => fetch(`http://127.0.0.1:${listener.address().port}/`));
});

assert.equal(await client.getFhirVersion(), '4.0.1');
assert.equal(await client.getFhirRelease(), 4);

const patient = await client.create({ resourceType: 'Patient', name: [{ family: 'Apfel', given: ['Bo'] }], birthDate: '2001-09-09' });
const observation = await client.create({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
  subject: { reference: `Patient/${patient.id}` },
  effectiveDateTime: '2024-06-01T10:00:00Z',
  valueQuantity: { value: 71.5, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
});
const heavier = await client.update({ ...observation, valueQuantity: { ...observation.valueQuantity, value: 72.5 } });
assert.equal(heavier.meta.versionId, '2');
const patched = await client.patch(`Observation/${observation.id}`, [{ op: 'replace', path: '/status', value: 'amended' }]);
assert.equal(patched.status, 'amended');

// References come resolved into the resource.
const withPatient = await client.request(`Observation/${observation.id}`, { resolveReferences: ['subject'] });
assert.equal(withPatient.subject.id, patient.id);

// All pages, as a flat list.
const weights = await client.request(`Observation?patient=${patient.id}&_count=1`, { pageLimit: 0, flat: true });
assert.equal(weights.length, 1);
assert.equal(client.byCode(weights, 'code')['29463-7'].length, 1);
assert.equal(client.getPath(weights[0], 'valueQuantity.value'), 72.5);
const all = [];
for await (const resource of client.resources('Patient?_count=20', { limit: 50 })) all.push(resource);
assert.equal(all.length, 50);
assert.equal(new Set(all.map(({ id }) => id)).size, 50);

await client.delete(`Observation/${observation.id}`);
await assert.rejects(client.request(`Observation/${observation.id}`), (error) => error.statusCode === 410);
await assert.rejects(client.request('Patient?nmae=x'), (error) => error.statusCode === 400 && /name/.test(error.message));
console.log('fhirclient (npm): the day is done');
