// A ward's day with npm's @medplum/core against its FHIR paths: node medplum-core.mjs BASE_URL
import assert from 'node:assert/strict';
import { MedplumClient, createReference, getReferenceString } from '@medplum/core';

const base = new URL(process.argv[2]);
const medplum = new MedplumClient({ baseUrl: `${base.origin}/`, fhirUrlPath: base.pathname.slice(1), fetch, cacheTime: 0 });

const patient = await medplum.createResource({
  resourceType: 'Patient',
  name: [{ family: 'Plum', given: ['Ada'] }],
  identifier: [{ system: 'http://hospital.example/mrn', value: 'plum-1' }],
});
assert.equal(patient.meta.versionId, '1');
const same = await medplum.createResourceIfNoneExist({ ...patient, id: undefined }, 'identifier=http://hospital.example/mrn|plum-1');
assert.equal(same.id, patient.id);
const upserted = await medplum.upsertResource({ ...patient, gender: 'female' }, 'identifier=http://hospital.example/mrn|plum-1');
assert.equal(upserted.id, patient.id);
assert.equal(upserted.gender, 'female');
const patched = await medplum.patchResource('Patient', patient.id, [{ op: 'replace', path: '/gender', value: 'other' }]);
assert.equal(patched.gender, 'other');
const updated = await medplum.updateResource({ ...patched, active: true });
assert.equal(updated.active, true);
assert.equal(getReferenceString(updated), `Patient/${patient.id}`);
assert.equal((await medplum.readReference(createReference(updated))).id, patient.id);

const batch = await medplum.executeBatch({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [60, 62, 64].map((value, index) => ({
    resource: {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }], text: 'Heart rate' },
      subject: createReference(updated),
      effectiveDateTime: `2024-07-0${index + 1}T08:00:00Z`,
      valueQuantity: { value, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
    },
    request: { method: 'POST', url: 'Observation' },
  })),
});
assert.ok(batch.entry.every(({ response }) => response.status.startsWith('201')));

const rates = await medplum.searchResources('Observation', { patient: patient.id, code: '8867-4', _sort: '-date' });
assert.deepEqual(rates.map(({ valueQuantity }) => valueQuantity.value), [64, 62, 60]);
assert.equal((await medplum.searchOne('Observation', `patient=${patient.id}&value-quantity=lt62`)).valueQuantity.value, 60);
const bundle = await medplum.search('Patient', `_id=${patient.id}&_revinclude=Observation:patient&_total=accurate`);
assert.equal(bundle.total, 1);
assert.equal(bundle.entry.length, 4);
let pages = 0;
for await (const page of medplum.searchResourcePages('Observation', { patient: patient.id, _count: 2 })) pages += page.length > 0 ? 1 : 0;
assert.equal(pages, 2);

const chart = await medplum.readPatientEverything(patient.id);
assert.ok(chart.entry.length >= 4);
const history = await medplum.readHistory('Patient', patient.id);
assert.ok(history.entry.length >= 4);
assert.equal((await medplum.readVersion('Patient', patient.id, '1')).gender, undefined);

const answer = await medplum.graphql(`{ Patient(id: "${patient.id}") { id name { family } ObservationList(_reference: patient) { valueQuantity { value } } } }`);
assert.equal(answer.data.Patient.name[0].family, 'Plum');
assert.equal(answer.data.Patient.ObservationList.length, 3);

const binary = await medplum.createBinary({ data: 'a discharge letter', contentType: 'text/plain' });
assert.equal(binary.resourceType, 'Binary');
const letter = await fetch(medplum.fhirUrl('Binary', binary.id), { headers: { accept: 'text/plain' } });
assert.equal(await letter.text(), 'a discharge letter');

await medplum.deleteResource('Observation', rates[0].id);
await assert.rejects(medplum.readResource('Observation', rates[0].id));
await assert.rejects(medplum.createResource({ resourceType: 'Patient', brithDate: '1980-01-01' }), /birthDate/);
console.log('@medplum/core: the day is done');
