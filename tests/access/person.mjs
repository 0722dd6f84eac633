// A person at a browser without scripts: keeps cookies, reads forms, sends them as they are, follows where they are sent.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

const UNESCAPED = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };
const unescape = (text) => text.replace(/&(lt|gt|quot|#39|amp);/g, (entity) => UNESCAPED[entity]);
const attribute = (tag, name) => {
  const found = new RegExp(`\\b${name}="([^"]*)"`).exec(tag);
  return found && unescape(found[1]);
};

// The code that an authenticator app shows (RFC 6238), so many steps from now.
export function totp(secret, steps = 0) {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const tag = createHmac('sha1', key).update(counter).digest();
  const word = tag.readUInt32BE(tag.at(-1) & 15) & 0x7fffffff;
  return String(word % 1_000_000).padStart(6, '0');
}

// What is shown: the address, the status, and the page.
export class Page {
  constructor(address, status, headers, text) {
    Object.assign(this, { address, status, headers, text });
  }

  // The form that goes to this path.
  form(action) {
    const form = this.text.split('<form ').slice(1).find((rest) => attribute(rest.split('>')[0], 'action') === action);
    assert.ok(form, `no form for ${action} at ${this.address} (${this.status}): ${this.text.slice(0, 2000)}`);
    return form.split('</form>')[0];
  }

  // The boxes that are offered under a name.
  offered(name) {
    const inputs = this.text.match(/<input [^>]*>/g) ?? [];
    return inputs.filter((tag) => attribute(tag, 'name') === name).map((tag) => attribute(tag, 'value'));
  }
}

export class Person {
  constructor({ login, password }) {
    this.login = login;
    this.password = password;
    this.cookies = new Map();
  }

  // Opens an address and follows redirects; stops before an address that begins with `until`, and answers that.
  async visit(address, { until, ...options } = {}) {
    for (let hops = 0; hops < 12; hops += 1) {
      const { origin } = new URL(address);
      const kept = this.cookies.get(origin) ?? new Map();
      const cookie = [...kept].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(address, { redirect: 'manual', ...options, headers: { ...options.headers, ...(cookie && { cookie }) } });
      for (const set of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
        kept.set(name, value);
      }
      this.cookies.set(origin, kept);
      const text = await response.text();
      if (response.status < 300 || response.status > 399) return new Page(address, response.status, response.headers, text);
      address = new URL(response.headers.get('location'), address).href;
      options = {};
      if (until && address.startsWith(until)) return new URL(address);
    }
    throw new Error(`sent round in circles, to ${address}`);
  }

  // Sends a form of a page, with what is filled in: lists tick boxes, and what is `null` is left out.
  async fill(page, action, filled, options = {}) {
    const pairs = [];
    for (const tag of page.form(action).match(/<input [^>]*>/g) ?? []) {
      const name = attribute(tag, 'name');
      const isBox = /type="(checkbox|radio)"/.test(tag);
      if (name && !(name in filled) && (!isBox || / checked/.test(tag))) pairs.push([name, attribute(tag, 'value') ?? '']);
    }
    for (const [name, value] of Object.entries(filled)) for (const one of [value].flat()) if (one !== null) pairs.push([name, one]);
    const { origin } = new URL(page.address);
    const headers = { origin, 'content-type': 'application/x-www-form-urlencoded' };
    return this.visit(new URL(action, page.address).href, { ...options, method: 'POST', headers, body: new URLSearchParams(pairs) });
  }

  // Signs in wherever that is asked for, with the second factor when there is one, and answers what is shown then.
  async signIn(page, options = {}) {
    page = await this.fill(page, '/auth/sign-in', { login: this.login, password: this.password }, options);
    if (page instanceof Page && page.text.includes('action="/auth/second-factor"')) {
      page = await this.fill(page, '/auth/second-factor', { code: this.code() }, options);
    }
    return page;
  }

  // Sets up an authenticator app. The codes for recovery are answered, and used one by one from then on: a code of the app counts once.
  async setUpSecondFactor(address) {
    let page = await this.visit(`${address}/auth/factors`);
    if (page.text.includes('action="/auth/sign-in"')) page = await this.signIn(page);
    page = await this.fill(page, '/auth/factors', { act: 'offer' });
    const secret = /<code class="key">([A-Z2-7]+)<\/code>/.exec(page.text)[1];
    page = await this.fill(page, '/auth/factors', { act: 'confirm', code: totp(secret) });
    const recovery = [...page.text.matchAll(/<li><code>([^<]+)<\/code><\/li>/g)].map(([, code]) => code);
    assert.ok(recovery.length >= 8, page.text);
    const codes = [() => totp(secret, 1), ...recovery.map((code) => () => code)];
    this.code = () => codes.shift()();
    return recovery;
  }

  // Signs in for an app and allows what it asks for, or what `scopes`, `patient` and `encounter` say; answers where the browser is sent then.
  async allow(authorize, { until, scopes, patient, encounter, decision = 'allow' }) {
    let page = await this.visit(authorize, { until });
    if (page instanceof Page && page.text.includes('action="/auth/sign-in"')) page = await this.signIn(page, { until });
    if (!(page instanceof Page)) return page;
    const filled = { ward_decision: decision };
    if (scopes) filled.ward_scope = scopes;
    if (patient) filled.ward_patient = patient;
    page = await this.fill(page, '/auth/authorize', filled, { until });
    if (!encounter) return page;
    // It is asked for after the patient, and may be any of those that are offered, or none.
    const chosen = encounter === 'first' ? page.offered('ward_encounter')[0] : encounter;
    return this.fill(page, '/auth/authorize', { ward_decision: decision, ward_encounter: chosen }, { until });
  }
}
