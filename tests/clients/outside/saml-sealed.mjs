// A provider made of npm's samlify encrypts its assertions for Ward, and people sign out at both places: node saml-sealed.mjs WARD FOLDER
//
// samlify knows RSA-OAEP with SHA-1 alone; with SHA-256 Node's own crypto (OpenSSL) encrypts what samlify has signed.
import assert from 'node:assert/strict';
import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
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
const { binding } = samlify.Constants.namespace;
const [gcm, xmlenc] = ['http://www.w3.org/2009/xmlenc11#', 'http://www.w3.org/2001/04/xmlenc#'];

let answer = (request, response) => response.writeHead(503).end();
const listener = createServer((request, response) => answer(request, response));
await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
const site = `http://127.0.0.1:${listener.address().port}`;
const entityID = `${site}/metadata`;
const [known, other] = [keyIn(folder, 'known'), keyIn(folder, 'other')];

const provider = (extra = {}) =>
  samlify.IdentityProvider({
    entityID,
    ...known,
    isAssertionEncrypted: true,
    dataEncryptionAlgorithm: `${gcm}aes256-gcm`,
    keyEncryptionAlgorithm: `${xmlenc}rsa-oaep-mgf1p`,
    wantAuthnRequestsSigned: false,
    wantLogoutRequestSigned: true,
    wantLogoutResponseSigned: true,
    requestSignatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    messageSigningOrder: 'encrypt-then-sign',
    nameIDFormat: ['urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'],
    singleSignOnService: [{ Binding: binding.redirect, Location: `${site}/sso` }],
    singleLogoutService: [{ Binding: binding.redirect, Location: `${site}/slo` }, { Binding: binding.post, Location: `${site}/slo` }],
    loginResponseTemplate: { context, attributes: [] },
    ...extra,
  });

const ward = new Ward(program, folder);
try {
  const usual = provider();
  const metadata = join(folder, 'provider.xml');
  const people = ['--login-attribute', 'uid', '--newcomers', '--newcomer-role', 'nurse'];
  writeFileSync(metadata, usual.getMetadata());
  ward.run(['provider', 'add-saml', 'clinic', '--name', 'Clinic', '--metadata', metadata, ...people]);
  // The same provider, to which messages about signing out go by a form alone.
  writeFileSync(metadata, usual.getMetadata().replace(/<SingleLogoutService [^>]*HTTP-Redirect[^>]*>(<\/SingleLogoutService>)?/, ''));
  ward.run(['provider', 'add-saml', 'formal', '--name', 'Formal', '--metadata', metadata, ...people]);
  ward.run(['provider', 'encryption', 'clinic', 'required']);
  ward.run(['provider', 'rotate', 'clinic', '--days', '1']);
  assert.deepEqual(ward.run(['provider', 'list']).map(({ slug, encryption }) => [slug, encryption]).sort(), [['clinic', 'required'], ['formal', 'wanted']]);
  const origin = await ward.serve();
  const at = (slug) => `${origin}/auth/outside/${slug}`;
  const described = {};
  for (const slug of ['clinic', 'formal']) described[slug] = await (await fetch(`${at(slug)}/metadata`)).text();
  const service = (slug, extra = {}) => samlify.ServiceProvider({ metadata: described[slug], wantLogoutRequestSigned: true, wantLogoutResponseSigned: true, ...extra });
  assert.equal(described.clinic.match(/use="signing"/g).length, 2, 'the old and the new key');
  // The old one signs still; samlify reads one.
  described.clinic = described.clinic.replace(/<md:KeyDescriptor use="signing">.*?<\/md:KeyDescriptor>/, '');

  let manner;
  const slugOf = (issuer) => (issuer.includes('/clinic/') ? 'clinic' : 'formal');
  const told = [];
  answer = async (request, response) => {
    try {
      const url = new URL(request.url, site);
      response.setHeader('content-type', 'text/html');
      if (url.pathname === '/sso') {
        const { idp, sp, alter } = manner;
        const asked = await idp.parseLoginRequest(sp, 'redirect', { query: Object.fromEntries(url.searchParams) });
        const slug = slugOf(asked.extract.issuer);
        const address = at(slug);
        const now = Date.now();
        const fill = (template) => {
          const values = {
            ID: `_r${now}`, AssertionID: `_a${now}`, IssueInstant: new Date(now).toISOString(), NotOnOrAfter: new Date(now + 300_000).toISOString(), Destination: `${address}/acs`, Recipient: `${address}/acs`,
            Audience: `${address}/metadata`, Issuer: entityID, InResponseTo: asked.extract.request.id, StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Success', NameID: `p-${slug}`, Login: slug,
          };
          return { id: values.ID, context: template.replace(/\{(\w+)\}/g, (_, name) => values[name]) };
        };
        const made = await idp.createLoginResponse(sp, asked, 'post', {}, fill, manner.order === 'encrypt-then-sign');
        const text = alter(Buffer.from(made.context, 'base64').toString());
        response.end(`<form method="post" action="${address}/acs"><input name="SAMLResponse" value="${Buffer.from(text).toString('base64')}"></form>`);
        return;
      }
      assert.equal(url.pathname, '/slo');
      let body = '';
      for await (const piece of request) body += piece;
      const fields = Object.fromEntries(request.method === 'POST' ? new URLSearchParams(body) : url.searchParams);
      const way = request.method === 'POST' ? 'post' : 'redirect';
      const octetString = url.search.slice(1).replace(/&Signature=.*/, '');
      const message = way === 'post' ? { body: fields } : { query: fields, octetString };
      const sp = manner.sp;
      if (fields.SAMLRequest) {
        const asked = await usual.parseLogoutRequest(sp, way, message);
        told.push({ way, name: asked.extract.nameID, index: asked.extract.sessionIndex });
        const { context: back } = usual.createLogoutResponse(sp, asked, 'redirect', { relayState: '' });
        response.writeHead(302, { location: back }).end();
      } else {
        const answered = await usual.parseLogoutResponse(sp, way, message);
        told.push({ way, answered: answered.extract.response.inResponseTo });
        response.end('<p>Everybody is signed out</p>');
      }
    } catch (error) {
      console.error(error);
      response.writeHead(500).end(String(error));
    }
  };
  const signIn = async (slug, how = {}) => {
    const { order = 'sign-then-encrypt', alter = (text) => text, settings = {}, want = {}, idp = provider({ messageSigningOrder: order, ...settings }) } = how;
    manner = { idp, sp: service(slug, want), alter, order };
    const browser = new Browser();
    const page = await browser.visit(`${at(slug)}?next=${encodeURIComponent('/auth/sessions')}`);
    assert.equal(page.status, 200, page.text);
    const last = await browser.fill(page, 'SAMLResponse', {});
    return { browser, page, last };
  };

  // What OpenSSL makes of a signed assertion: AES-256-GCM, and RSA-OAEP with SHA-256 for digest and mask.
  const certificate = described.clinic.match(/use="encryption">[\s\S]*?<ds:X509Certificate>([^<]+)/)[1];
  const pem = `-----BEGIN CERTIFICATE-----\n${certificate.match(/.{1,64}/g).join('\n')}\n-----END CERTIFICATE-----\n`;
  const sealed = (text) => {
    const [key, vector] = [randomBytes(32), randomBytes(12)];
    const cipher = createCipheriv('aes-256-gcm', key, vector);
    const assertion = text.match(/<saml:Assertion\b[\s\S]*<\/saml:Assertion>/)[0];
    const content = Buffer.concat([vector, cipher.update(assertion, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
    const wrapped = publicEncrypt({ key: pem, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, key).toString('base64');
    const data = `<e:EncryptedData xmlns:e="${xmlenc}" Type="${xmlenc}Element"><e:EncryptionMethod Algorithm="${gcm}aes256-gcm"/><d:KeyInfo xmlns:d="http://www.w3.org/2000/09/xmldsig#"><d:RetrievalMethod URI="#_key" Type="${xmlenc}EncryptedKey"/></d:KeyInfo><e:CipherData><e:CipherValue>${content}</e:CipherValue></e:CipherData></e:EncryptedData><e:EncryptedKey xmlns:e="${xmlenc}" Id="_key" Recipient="${at('clinic')}/metadata"><e:EncryptionMethod Algorithm="${gcm}rsa-oaep"><d:DigestMethod xmlns:d="http://www.w3.org/2000/09/xmldsig#" Algorithm="${xmlenc}sha256"/><f:MGF xmlns:f="${gcm}" Algorithm="${gcm}mgf1sha256"/></e:EncryptionMethod><e:CipherData><e:CipherValue>${wrapped}</e:CipherValue></e:CipherData></e:EncryptedKey>`;
    return text.replace(assertion, `<saml:EncryptedAssertion>${data}</saml:EncryptedAssertion>`);
  };
  for (const [name, how] of [
    ['AES-256-GCM', {}],
    ['AES-128-GCM', { settings: { dataEncryptionAlgorithm: `${gcm}aes128-gcm` } }],
    ['encrypted, then signed', { order: 'encrypt-then-sign', want: { wantMessageSigned: true } }],
    ['by OpenSSL, with SHA-256', { settings: { isAssertionEncrypted: false }, alter: sealed }],
  ]) {
    const { last } = await signIn('clinic', how);
    assert.equal(last.url.pathname, '/auth/sessions', `${name}: ${last.text}`);
    assert.match(last.text, /Dr &lt;É&gt; &amp; clinic/, name);
  }
  console.log('samlify (npm): people sign in by encrypted assertions');

  for (const [name, how, rule] of [
    ['in clear', { settings: { isAssertionEncrypted: false } }, 'in clear'],
    ['AES-CBC', { settings: { dataEncryptionAlgorithm: `${xmlenc}aes256-cbc` } }, 'set AES-GCM'],
    ['RSA 1.5', { settings: { keyEncryptionAlgorithm: `${xmlenc}rsa-1_5` } }, 'set RSA-OAEP'],
    ['another key', { settings: { isAssertionEncrypted: false }, alter: (text) => sealed(text).replace(/(#rsa-oaep"[\s\S]*?<e:CipherValue>)[^<]{8}/, '$1AAAAAAAA') }, 'cannot be opened'],
    ['another content', { alter: (text) => text.replace(/([A-Za-z0-9+/]{40})([A-Za-z0-9+/=\s]*<\/xenc:CipherValue>\s*<\/xenc:CipherData>\s*<\/xenc:EncryptedData>)/, (_, one, rest) => `${one.split('').reverse().join('')}${rest}`) }, 'cannot be opened'],
    ['signed by another', { settings: { ...other } }, 'none of the provider'],
  ]) {
    const { browser, last } = await signIn('clinic', how);
    assert.equal(last.status, 403, `${name}: ${last.text}`);
    assert.match(last.text, new RegExp(rule), name);
    assert.equal(browser.cookie(origin, 'ward-session'), undefined, name);
  }
  console.log('samlify (npm): encrypted assertions that tell too much, or are altered, are refused');

  const isSignedIn = async (browser) => (await browser.visit(`${origin}/auth/sessions`)).url.pathname === '/auth/sessions';
  // Ward asks: by an address, and by a form.
  for (const [slug, way] of [['clinic', 'redirect'], ['formal', 'post']]) {
    const { browser, last } = await signIn(slug);
    const left = await browser.fill(last, '/auth/sign-out', {});
    assert.equal(await isSignedIn(browser), false, 'signed out here first');
    const label = `Sign out at ${slug === 'clinic' ? 'Clinic' : 'Formal'}, too`;
    assert.match(left.text, new RegExp(label));
    if (way === 'post') assert.ok(left.headers.get('content-security-policy').endsWith(`form-action 'self' ${site}`));
    const back = way === 'post' ? await browser.fill(left, label, {}) : await browser.follow(left, label);
    assert.equal(back.url.pathname, `/auth/outside/${slug}/slo`, back.text);
    assert.match(back.text, /You are signed out/);
    assert.deepEqual(told.pop(), { way, name: `p-${slug}`, index: 's' });
    const again = await browser.visit(back.url);
    assert.ok(again.status === 403 && again.text.includes('WARD-1447'), 'an answer is taken once');
  }
  // The provider asks: what came of its session ends, in another browser.
  for (const [slug, way] of [['clinic', 'redirect'], ['clinic', 'post'], ['formal', 'redirect']]) {
    const { browser } = await signIn(slug);
    const elsewhere = new Browser();
    assert.ok(await isSignedIn(browser));
    const send = async (idp, user) => {
      const made = idp.createLogoutRequest(manner.sp, way, user, { relayState: 'kept' });
      if (way === 'redirect') return elsewhere.visit(made.context);
      const form = new URLSearchParams({ SAMLRequest: made.context, RelayState: 'kept' });
      return elsewhere.visit(`${at(slug)}/slo`, { form, from: new URL(site) });
    };
    const stranger = await send(provider(other), { logoutNameID: `p-${slug}`, sessionIndex: 's' });
    assert.ok(stranger.status === 403 && stranger.text.includes('WARD-1447'), stranger.text);
    const unsigned = samlify.ServiceProvider({ metadata: described[slug] });
    const bare = usual.createLogoutRequest(unsigned, way, { logoutNameID: `p-${slug}`, sessionIndex: 's' });
    const nothing = way === 'redirect' ? await elsewhere.visit(bare.context) : await elsewhere.visit(`${at(slug)}/slo`, { form: new URLSearchParams({ SAMLRequest: bare.context }), from: new URL(site) });
    assert.ok(nothing.status === 403 && /not signed/.test(nothing.text), nothing.text);
    assert.ok(await isSignedIn(browser), 'nobody else signs anybody out');
    const done = await send(usual, { logoutNameID: `p-${slug}`, sessionIndex: 's' });
    assert.equal(await isSignedIn(browser), false);
    if (slug === 'clinic') assert.match(done.text, /Everybody is signed out/);
    else {
      assert.match(done.text, /Go back to Formal/);
      assert.match((await elsewhere.fill(done, 'Go back to Formal', {})).text, /Everybody is signed out/);
    }
    assert.equal(told.pop().way, slug === 'clinic' ? 'redirect' : 'post');
  }
  console.log('samlify (npm): people sign out at both places, whoever begins');
} finally {
  ward.stop();
  listener.close();
  listener.closeAllConnections();
}
