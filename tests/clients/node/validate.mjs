// Judges the resources in FILE (a line each) with npm's `fhir` again and again: node validate.mjs FILE SECONDS
// Says how many it judges in a second of the processor, and how many of them it finds valid.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fhir from 'fhir';

const [file, seconds] = process.argv.slice(2);
const resources = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const { version } = createRequire(import.meta.url)('fhir/package.json');
const judge = new fhir.Fhir();
let [count, valid, elapsed] = [0, 0, 0];
const started = process.cpuUsage();
while (elapsed < Number(seconds)) {
  if (judge.validate(resources[count % resources.length]).valid) valid += 1;
  count += 1;
  if (count % 20 === 0) {
    const { user, system } = process.cpuUsage(started);
    elapsed = (user + system) / 1e6;
  }
}
console.log(JSON.stringify({ version, per_second: count / elapsed, items: valid / count }));
