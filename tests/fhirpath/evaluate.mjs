// FHIRPath as npm's `fhirpath` has it, with its model of R4.
//
//   node evaluate.mjs                         answers questions
//   node evaluate.mjs EXPRESSION FILE SECONDS tells how often it evaluates in a second of the processor
//
// The first line of the questions is a list of resources, each other line a question: {"resource": 3, "expression": "name"}. Each is
// answered by a line: {"items": […]} or {"error": "…"}.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import fhirpath from "fhirpath";
import r4 from "fhirpath/fhir-context/r4";

const options = { traceFn: () => {}, userInvocationTable: {} };

function answer(resources, { resource, expression }) {
  try {
    return { items: fhirpath.evaluate(resources[resource], expression, {}, r4, options) };
  } catch (error) {
    return { error: String(error.message ?? error).slice(0, 200) };
  }
}

function rate(expression, file, seconds) {
  const resource = JSON.parse(readFileSync(file, "utf8"));
  const evaluate = fhirpath.compile(expression, r4);
  let [count, items, elapsed] = [0, 0, 0];
  const started = process.cpuUsage();
  while (elapsed < seconds) {
    for (let turn = 0; turn < 100; turn++) items += evaluate(resource).length;
    count += 100;
    const { user, system } = process.cpuUsage(started);
    elapsed = (user + system) / 1e6;
  }
  return { version: fhirpath.version, per_second: count / elapsed, items: items / count };
}

if (process.argv.length > 2) {
  const [expression, file, seconds] = process.argv.slice(2);
  console.log(JSON.stringify(rate(expression, file, Number(seconds))));
} else {
  let resources;
  for await (const line of createInterface({ input: process.stdin })) {
    if (resources) console.log(JSON.stringify(answer(resources, JSON.parse(line))));
    else resources = JSON.parse(line);
  }
}
