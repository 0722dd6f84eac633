// People of npm's oidc-provider sign in to Ward: node oidc-provider.mjs WARD FOLDER
//
// One has no account and gets one, on the way of an app that asks for a token; another links an account that is there. The first provider knows Ward by a
// secret, the second by the key that Ward publishes.
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import Provider from 'oidc-provider';
import { Browser } from './browser.mjs';
import { Ward } from './ward.mjs';

const [program, folder] = process.argv.slice(2);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const PASSWORD = 'violet-harbour-candle-47';
const APP = 'http://127.0.0.1:9/back';
const secret = randomBytes(24).toString('base64url');

// The provider has to know where Ward is, and Ward where the provider is: its port comes first.
let answer = (request, response) => response.writeHead(503).end();
const listener = createServer((request, response) => answer(request, response));
await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${listener.address().port}`;

const ward = new Ward(program, folder);
try {
  const patients = join(folder, 'patients.ndjson');
  writeFileSync(patients, '{"resourceType":"Patient","id":"ann","name":[{"family":"Ann"}]}\n');
  ward.run(['import', patients, '--rejects', join(folder, 'rejects.ndjson')]);
  ward.run(['user', 'add', 'ada', '--role', 'physician', '--password-stdin'], PASSWORD);
  const { id: app } = ward.run(['client', 'add', 'An app', '--public', '--redirect-uri', APP, '--scope', 'openid user/Patient.rs']);
  const common = ['--issuer', issuer];
  ward.run(
    ['provider', 'add', 'city', '--name', 'City Hospital', '--client-id', 'ward-city', '--secret-stdin', '--newcomers', '--newcomer-role', 'physician', ...common],
    secret,
  );
  ward.run(['provider', 'add', 'town', '--name', 'Town Clinic', '--client-id', 'ward-town', '--key', 'ES384', ...common]);
  assert.deepEqual(ward.run(['provider', 'list']).map(({ slug }) => slug).sort(), ['city', 'town']);
  const origin = await ward.serve();

  const key = (kid, alg, type, options) => ({ ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig' });
  const usual = { response_types: ['code'], grant_types: ['authorization_code'] };
  const provider = new Provider(issuer, {
    clients: [
      { ...usual, client_id: 'ward-city', client_secret: secret, redirect_uris: [`${origin}/auth/outside/city/callback`], id_token_signed_response_alg: 'PS256' },
      {
        ...usual,
        client_id: 'ward-town',
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES384',
        jwks_uri: `${origin}/auth/jwks`,
        redirect_uris: [`${origin}/auth/outside/town/callback`],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [key('r', 'PS256', 'rsa', { modulusLength: 2048 }), key('e', 'ES256', 'ec', { namedCurve: 'P-256' })] },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: `Dr ${id}`, preferred_username: `${id}.there`, email: `${id}@city.example` }) }),
    pkce: { required: () => true },
    enabledJWA: {
      idTokenSigningAlgValues: ['PS256', 'ES256'],
      clientAuthSigningAlgValues: ['ES384'],
    },
    // Ward is at a private address, which the provider's own way out refuses.
    fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
    cookies: { keys: [randomBytes(16).toString('hex')] },
  });
  provider.on('server_error', (_, error) => console.error(error));
  provider.on('grant.error', (_, error) => console.error(error.message, error.error_detail));
  answer = provider.callback();

  // Signs somebody in at the provider, through its pages, and comes back to Ward.
  const signInThere = async (browser, page, person, options) => {
    const consent = await browser.fill(page, 'name="login"', { login: person, password: 'any' });
    return browser.fill(consent, 'consent', {}, options);
  };

  const toApp = (url) => url.href.startsWith(APP);
  const tokenBy = async (browser, slug, name, person) => {
    const verifier = randomBytes(32).toString('base64url');
    const asked = new URL(`${origin}/auth/authorize`);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    for (const [parameter, value] of Object.entries({
      response_type: 'code', client_id: app, redirect_uri: APP, scope: 'openid user/Patient.rs', aud: `${origin}/fhir`, state: 'of-the-app', nonce: 'n', code_challenge: challenge, code_challenge_method: 'S256',
    })) asked.searchParams.set(parameter, value);
    const signIn = await browser.visit(asked);
    assert.equal(signIn.url.pathname, '/auth/sign-in');
    const login = await browser.follow(signIn, `Sign in with ${name}`);
    assert.equal(login.url.origin, issuer, `${login.url}: ${login.text}`);
    const consent = await signInThere(browser, login, person);
    assert.equal(consent.url.pathname, '/auth/authorize', consent.text);
    const back = await browser.fill(consent, 'value="allow"', { ward_decision: 'allow' }, { until: toApp });
    assert.ok(toApp(back.url), `${back.status} ${back.text}`);
    assert.equal(back.url.searchParams.get('state'), 'of-the-app');
    const form = { grant_type: 'authorization_code', code: back.url.searchParams.get('code'), redirect_uri: APP, client_id: app, code_verifier: verifier };
    const tokens = await fetch(`${origin}/auth/token`, { method: 'POST', body: new URLSearchParams(form) });
    assert.equal(tokens.status, 200, await tokens.clone().text());
    return tokens.json();
  };
  const read = async (token) => (await fetch(`${origin}/fhir/Patient/ann`, { headers: { authorization: `Bearer ${token}` } })).status;

  // Somebody without an account: they get one, and the app gets a token that reads a patient.
  const eve = new Browser();
  const { access_token: token, id_token: told } = await tokenBy(eve, 'city', 'City Hospital', 'eve');
  assert.equal(await read(token), 200);
  assert.equal(JSON.parse(Buffer.from(told.split('.')[1], 'base64url')).aud, app);
  const account = await eve.visit(`${origin}/auth/sessions`);
  assert.match(account.text, /Dr eve/);
  assert.match((await eve.visit(`${origin}/auth/links`)).text, /eve\.there/);
  console.log('oidc-provider (npm): a newcomer has signed in, and an app reads for them');

  // The same person at a provider that takes no newcomers.
  const stranger = new Browser();
  const refused = await signInThere(stranger, await stranger.visit(`${origin}/auth/outside/town`), 'eve');
  assert.equal(refused.status, 403);
  assert.match(refused.text, /WARD-1385/);
  assert.equal(stranger.cookie(origin, 'ward-session'), undefined);

  // Somebody who has an account links it, signs in by it, and unlinks it.
  const ada = new Browser();
  const done = await ada.fill(await ada.visit(`${origin}/auth/sign-in`), 'name="login"', { login: 'ada', password: PASSWORD });
  assert.equal(done.url.pathname, '/auth/sessions', done.text);
  const going = await ada.fill(await ada.visit(`${origin}/auth/links`), 'Town Clinic', { link: 'town' });
  assert.match(going.headers.get('refresh'), new RegExp(`^0;url=${issuer}/`));
  const linked = await signInThere(ada, await ada.follow(going, 'Go on'), 'ada');
  assert.equal(linked.url.pathname, '/auth/links', linked.text);
  assert.match(linked.text, /ada\.there/);
  const again = new Browser();
  const signedIn = await signInThere(again, await again.visit(`${origin}/auth/outside/town`), 'ada');
  assert.equal(signedIn.url.pathname, '/auth/sessions', signedIn.text);
  assert.match(signedIn.text, /\(ada\)/);
  const id = linked.text.match(/name="unlink" value="([^"]+)"/)[1];
  await ada.fill(linked, id, { unlink: id });
  const without = new Browser();
  assert.equal((await signInThere(without, await without.visit(`${origin}/auth/outside/town`), 'ada')).status, 403);
  console.log('oidc-provider (npm): an account was linked, used and unlinked, with private_key_jwt');

  // Somebody changes their mind at the provider; and a page of another site sends an answer that nobody asked for.
  const unsure = new Browser();
  const asked = await unsure.visit(`${origin}/auth/outside/city`);
  const cancelled = await unsure.follow(asked, 'Cancel');
  assert.equal(cancelled.status, 403);
  assert.match(cancelled.text, /WARD-1443/);
  const forced = await unsure.visit(`${origin}/auth/outside/city/callback?code=a&state=b&iss=${encodeURIComponent(issuer)}`);
  assert.equal(forced.status, 409);
  console.log('oidc-provider (npm): what was not asked for is not accepted');
} finally {
  ward.stop();
  listener.close();
  listener.closeAllConnections();
}
