// Reads every FHIR answer in FOLDER with npm's `fhir`, in JSON and XML: node parse-recorded.mjs FOLDER
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fhir from 'fhir';

const { Fhir } = fhir;
const folder = process.argv[2];
const reader = new Fhir();
const failures = [];
// Decimals that the library has read from XML stay text, which its own validator then refuses.
const isOwn = (head, { message }) => head.type.startsWith('application/fhir+xml') && message.startsWith('Number type expected but string received');
let read = 0;
for (const name of readdirSync(folder).filter((name) => name.endsWith('.json')).sort()) {
  const head = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const body = readFileSync(join(folder, name.replace('.json', '.body')), 'utf8');
  try {
    let resource;
    if (head.type.startsWith('application/fhir+json')) resource = JSON.parse(body);
    else if (head.type.startsWith('application/fhir+xml')) resource = reader.xmlToObj(body);
    else continue;
    const { valid, messages } = reader.validate(resource, { errorOnUnexpected: true });
    const errors = messages.filter((message) => ['error', 'fatal'].includes(message.severity) && !isOwn(head, message));
    if (!valid && errors.length > 0) throw new Error(errors.map(({ location, message }) => `${location}: ${message}`).join('; '));
    read += 1;
  } catch (error) {
    failures.push(`${head.request} (${head.status}): ${String(error.message).slice(0, 600)}`);
  }
}
failures.forEach((failure) => console.log(failure));
console.log(`npm fhir: ${read} answers read, ${failures.length} not`);
process.exit(failures.length > 0 || read === 0 ? 1 : 0);
