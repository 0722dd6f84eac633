// Makes the keys of the clients that sign, ES384 and RS384: node keys.mjs FOLDER
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const pairs = {
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  RS384: generateKeyPairSync('rsa', { modulusLength: 2048 }),
};
for (const [alg, { publicKey, privateKey }] of Object.entries(pairs)) {
  const facts = { kid: `key-${alg}`, alg, use: 'sig' };
  const write = (kind, value) => writeFileSync(join(process.argv[2], `${alg}.${kind}.json`), JSON.stringify(value), { mode: 0o600 });
  write('public', { keys: [{ ...publicKey.export({ format: 'jwk' }), ...facts, key_ops: ['verify'] }] });
  write('private', { ...privateKey.export({ format: 'jwk' }), ...facts, key_ops: ['sign'] });
}
