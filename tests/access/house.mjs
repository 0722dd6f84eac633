// The server that the scripts work with, as the task that starts them has written it down: node SCRIPT HOUSE.json
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { Person } from './person.mjs';

const file = process.argv[2];
const house = JSON.parse(readFileSync(file, 'utf8'));

// The address of the server, that of FHIR, and the clients that an administrator has registered, each with `id`, and `secret` or `key`.
export const { address, clients } = house;
export const fhir = `${address}/fhir`;

// Where browsers are sent back to by scripts that have no server: an app on this machine may have any port (RFC 8252).
export const back = 'http://127.0.0.1/back';

// The private key of a client, as a JSON Web Key.
export const key = (name) => JSON.parse(readFileSync(join(dirname(file), `${name}.private.json`), 'utf8'));

// Somebody of the demonstration, by role.
export function person(role) {
  const user = house.demo.users.find((known) => known.role === role);
  return Object.assign(new Person(user), { fhirUser: user.fhirUser });
}

// What the operator sees, for comparison.
export async function operator(path) {
  const response = await fetch(`${fhir}/${path}`, { headers: { authorization: `Bearer ${house.demo.token}` } });
  return response.json();
}
