// People of a provider made of npm's samlify sign in to Ward by SAML: node saml.mjs WARD FOLDER
//
// Each side reads the other's metadata; the provider reads Ward's request, and Ward its answers: signed as assertion, as message and as both, and altered in many ways.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import samlify from 'samlify';
import { Browser } from './browser.mjs';
import { context, keyIn } from './saml-answer.mjs';
import { Ward } from './ward.mjs';

const [program, folder] = process.argv.slice(2);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
samlify.setSchemaValidator({ validate: () => Promise.resolve('not looked at: Ward is the one that is tried') });

const { namespace } = samlify.Constants;
const keyOf = (name) => keyIn(folder, name);

let answer = (request, response) => response.writeHead(503).end();
const listener = createServer((request, response) => answer(request, response));
await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
const site = `http://127.0.0.1:${listener.address().port}`;
const entityID = `${site}/metadata`;
const known = keyOf('known');
const other = keyOf('other');

const ward = new Ward(program, folder);
try {
  const provider = (keys) =>
    samlify.IdentityProvider({
      entityID,
      ...keys,
      isAssertionEncrypted: false,
      wantAuthnRequestsSigned: false,
      requestSignatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      messageSigningOrder: 'sign-then-encrypt',
      nameIDFormat: ['urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'],
      singleSignOnService: [{ Binding: namespace.binding.redirect, Location: `${site}/sso` }],
      singleLogoutService: [],
      loginResponseTemplate: { context, attributes: [] },
    });
  const honest = provider(known);
  const metadata = join(folder, 'provider.xml');
  writeFileSync(metadata, honest.getMetadata());
  ward.run(['provider', 'add-saml', 'clinic', '--name', 'Clinic', '--metadata', metadata, '--login-attribute', 'uid', '--newcomers', '--newcomer-role', 'nurse']);
  assert.equal(ward.run(['provider', 'list'])[0].called, entityID);
  const origin = await ward.serve();
  const address = `${origin}/auth/outside/clinic`;
  const said = await fetch(`${address}/metadata`);
  assert.equal(said.headers.get('content-type'), 'application/samlmetadata+xml');
  const described = await said.text();
  const service = (extra) => samlify.ServiceProvider({ metadata: described, ...extra });
  assert.equal(service().entityMeta.getEntityID(), `${address}/metadata`);

  // How the provider answers; a test puts another in its place.
  const usual = { idp: honest, sp: service(), tags: {}, alter: (text) => text };
  let manner = usual;
  answer = async (request, response) => {
    try {
      const url = new URL(request.url, site);
      const { idp, sp, tags, alter } = manner;
      const asked = await idp.parseLoginRequest(sp, 'redirect', { query: Object.fromEntries(url.searchParams) });
      assert.equal(asked.extract.issuer, `${address}/metadata`);
      assert.equal(asked.extract.request.assertionConsumerServiceUrl, `${address}/acs`);
      const now = Date.now();
      const fill = (template) => {
        const values = {
          ID: `_r${now}`, AssertionID: `_a${now}`, IssueInstant: new Date(now).toISOString(), NotOnOrAfter: new Date(now + 300_000).toISOString(), Destination: `${address}/acs`, Recipient: `${address}/acs`,
          Audience: `${address}/metadata`, Issuer: entityID, InResponseTo: asked.extract.request.id, StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Success', NameID: 'p-17', Login: 'nora', ...tags,
        };
        return { id: values.ID, context: template.replace(/\{(\w+)\}/g, (_, name) => values[name]) };
      };
      const made = await idp.createLoginResponse(sp, asked, 'post', {}, fill);
      const text = alter(Buffer.from(made.context, 'base64').toString());
      manner.last = text;
      response.setHeader('content-type', 'text/html');
      response.end(`<form method="post" action="${address}/acs"><input name="SAMLResponse" value="${Buffer.from(text).toString('base64')}"></form>`);
    } catch (error) {
      console.error(error);
      response.writeHead(500).end(String(error));
    }
  };
  const signIn = async (how = {}) => {
    manner = { ...usual, ...how };
    const browser = new Browser();
    const page = await browser.visit(`${address}?next=${encodeURIComponent('/auth/links')}`);
    assert.equal(page.status, 200, page.text);
    const last = await browser.fill(page, 'SAMLResponse', {});
    return { browser, page, last };
  };

  // The honest ones, signed in each of the ways that there are.
  for (const [name, sp] of [
    ['the assertion', service()],
    ['the message, too', service({ wantMessageSigned: true })],
    ['the message alone', samlify.ServiceProvider({ metadata: described.replace('WantAssertionsSigned="true"', 'WantAssertionsSigned="false"'), wantMessageSigned: true })],
  ]) {
    const { last } = await signIn({ sp });
    assert.equal(last.url.pathname, '/auth/links', `${name}: ${last.text}`);
    assert.match(last.text, /nora, linked on/);
  }
  const { browser, page } = await signIn();
  const sessions = await browser.visit(`${origin}/auth/sessions`);
  assert.match(sessions.text, /Dr &lt;É&gt; &amp; nora/);
  // The same answer again: in the same browser, and in another.
  for (const again of [browser, new Browser()]) {
    const replayed = await again.fill(page, 'SAMLResponse', {});
    assert.equal(replayed.status, 409, replayed.text);
    assert.match(replayed.text, /WARD-1442/);
  }
  // A comment in the name changes nothing: it is read as a whole, as it was signed.
  const commented = await signIn({ alter: (text) => text.replace('p-17', 'p-<!-- -->17') });
  assert.equal(commented.last.url.pathname, '/auth/links', commented.last.text);
  console.log('samlify (npm): people sign in by SAML');

  // An answer is for the browser in which it was asked for.
  manner = usual;
  const [mine, theirs] = [new Browser(), new Browser()];
  const asked = await mine.visit(address);
  const lost = await theirs.fill(asked, 'SAMLResponse', {});
  assert.equal(lost.status, 409, lost.text);
  assert.equal(theirs.cookie(origin, 'ward-session'), undefined);

  const past = new Date(Date.now() - 3_600_000).toISOString();
  for (const [name, how, told] of [
    ['another key', { idp: provider(other) }, 'none of the provider'],
    ['another name', { alter: (text) => text.replace('p-17', 'p-18') }, 'was altered'],
    ['another digest', { alter: (text) => text.replace(/<ds:DigestValue>./, '<ds:DigestValue>A') }, 'altered|none of the provider|no base64'],
    ['another signature', { alter: (text) => text.replace(/(<ds:SignatureValue>)[^<]{8}/, '$1AAAAAAAA') }, 'none of the provider'],
    ['no signature', { alter: (text) => text.replace(/<ds:Signature\b[\s\S]*?<\/ds:Signature>/g, '') }, 'neither'],
    ['too late', { tags: { NotOnOrAfter: past } }, 'has ended'],
    ['made long ago', { tags: { IssueInstant: past } }, 'made long ago'],
    ['another audience', { tags: { Audience: 'https://other.example' } }, 'another audience'],
    ['another recipient', { tags: { Recipient: `${address}/x` } }, 'another address'],
    ['another destination', { tags: { Destination: `${address}/x` } }, 'another address'],
    ['another provider', { tags: { Issuer: 'https://other.example' } }, 'another provider'],
    ['another request', { tags: { InResponseTo: '_x' } }, 'WARD-1442'],
    ['a failure', { tags: { StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Responder' } }, 'WARD-1443'],
    ['a DOCTYPE', { alter: (text) => `<!DOCTYPE x [<!ENTITY a "b">]>${text}` }, 'DOCTYPE'],
  ]) {
    const { browser, last } = await signIn(how);
    assert.ok([403, 409].includes(last.status), `${name}: ${last.status} ${last.text}`);
    assert.match(last.text, new RegExp(told), name);
    assert.equal(browser.cookie(origin, 'ward-session'), undefined, name);
  }
  console.log('samlify (npm): what is not right is not accepted');
} finally {
  ward.stop();
  listener.close();
  listener.closeAllConnections();
}
