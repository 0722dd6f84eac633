// Whether everybody can use each page: axe-core finds nothing, in light and dark, on a phone and on a desk; with a keyboard each thing is reached once, in the order of the page, and is
// seen when it is; nothing runs over the edge; and what was wrong with a form is told at its fields.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { assert, enterPassword, house, open, send, visitor, withDevice } from './browser.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// WCAG 2.2 AA, the sizes of targets among it, and what axe recommends beyond.
const RULES = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] };
const WAYS = [['light', 320], ['dark', 320], ['light', 1280], ['dark', 1280]];

const looked = { pages: 0, views: 0, paths: new Set() };

// The pages that there are, as their routes stand in the sources: each has to be looked at. The rest leads elsewhere, or is nothing to look at.
const PAGES = ['crates/screens/src/account.rs', 'crates/screens/src/account/admin.rs', 'crates/screens/src/site.rs']
  .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\.route\("([^"]+)", get\(/g)].map(([, path]) => path))
  .filter((path) => !/\/(style\.css|house\.css|callback|finish|metadata)$/.test(path));

// What axe says of the page as it stands.
const violations = (page) => page.evaluate(async (rules) => {
  const { violations } = await globalThis.axe.run(document, rules);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary.replace(/\s+/g, ' ')}`));
}, RULES);

// What is wider than the page, or smaller than a finger (WCAG 2.2, 2.5.8: 24 pixels, links inside of a sentence left aside).
const misfits = (page) => page.evaluate(() => {
  const found = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push(`${scrollWidth} pixels wide in ${clientWidth}`);
  for (const target of document.querySelectorAll('button, input:not([type=hidden]), textarea, select, summary')) {
    const { width, height } = target.getBoundingClientRect();
    if (target.checkVisibility() && (width < 24 || height < 24)) found.push(`${target.outerHTML.slice(0, 80)} is ${width} by ${height}`);
  }
  return found;
});

// Walks through the page with the tabulator: what was reached, in which order, and whether it was seen.
const walk = async (page) => {
  await page.evaluate(() => {
    // The next step leads from here, wherever the last walk ended.
    document.documentElement.tabIndex = -1;
    document.documentElement.focus();
    document.documentElement.removeAttribute('tabindex');
    const inputs = 'a[href], button, input:not([type=hidden]), textarea, select, summary, [tabindex="0"]';
    const all = [...document.querySelectorAll(inputs)].filter((one) => one.checkVisibility() && !one.disabled);
    // Of radio buttons with one name the one that is ticked is reached, or else the first.
    const isReached = (one) => one.type !== 'radio' || one === (document.querySelector(`input[name="${one.name}"]:checked`) ?? document.querySelector(`input[name="${one.name}"]`));
    globalThis.reached = all.filter(isReached);
  });
  const count = Math.min(await page.evaluate(() => globalThis.reached.length), 60);
  const problems = [];
  for (let number = 0; number < count; number += 1) {
    await page.keyboard.press('Tab');
    const problem = await page.evaluate((number) => {
      const [now, wanted] = [document.activeElement, globalThis.reached[number]];
      const name = (one) => one?.outerHTML.slice(0, 90);
      if (now !== wanted) return `${number}: ${name(now)} in place of ${name(wanted)}`;
      const { outlineStyle, outlineWidth } = getComputedStyle(now);
      if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) return `${name(now)} does not show that it is reached`;
      const { left, top, width, height } = now.getBoundingClientRect();
      // Of something tall a part is enough (WCAG 2.2, 2.4.11).
      const [x, y] = [left + Math.min(width / 2, 20), (Math.max(top, 0) + Math.min(top + height, innerHeight)) / 2];
      const over = document.elementFromPoint(x, y);
      const isSeen = now.contains(over) || over?.contains(now) && !over.matches('.bar, .bar *');
      return isSeen ? null : `${name(now)} is hidden behind ${name(over)}`;
    }, number);
    if (problem) problems.push(problem);
  }
  return problems;
};

// Looks at the page as it stands, in all ways.
const look = async (page, name) => {
  looked.pages += 1;
  looked.paths.add(new URL(page.url()).pathname);
  const found = [];
  for (const [colorScheme, width] of WAYS) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
    const problems = [...await violations(page), ...await misfits(page), ...(colorScheme === 'light' ? await walk(page) : [])];
    found.push(...problems.map((problem) => `${name}, ${colorScheme}, ${width} pixels: ${problem}`));
    looked.views += 1;
  }
  const { lang, title, headings } = await page.evaluate(() => ({ lang: document.documentElement.lang, title: document.title, headings: document.querySelectorAll('h1').length }));
  if (lang !== 'en' || !title || headings !== 1) found.push(`${name}: language ${lang}, title ${title}, ${headings} main headings`);
  if (page.blocked.length) found.push(`${name}: ${page.blocked.splice(0).join('; ')}`);
  return found;
};

// What was wrong is told before the form, in the title, and at each of its fields.
const tells = async (page) => {
  const told = await page.evaluate(() => {
    const fields = [...document.querySelectorAll('form input:not([type=hidden], [type=radio], [type=checkbox]), form textarea')].filter((one) => one.checkVisibility());
    const describes = fields.every((one) => (one.getAttribute('aria-describedby') ?? '').split(' ').includes('problem'));
    return { describes, role: document.querySelector('#problem').getAttribute('role'), text: document.querySelector('#problem').textContent, title: document.title };
  });
  return told.describes && told.role === 'alert' && told.text && told.title.startsWith('Problem:') ? [] : [`what was wrong is not told: ${JSON.stringify(told)}`];
};

const anybody = async (browser) => {
  const page = await visitor(browser);
  const found = [];
  await withDevice(page);
  const paths = ['/auth/sign-in', '/auth/reset', '/auth/reset?token=x', '/auth/set-up?token=x', '/auth/invitation?token=x', '/auth/registration', '/auth/verification?token=x', '/auth/outside/none', '/auth/outside/none/signed-out', '/auth/outside/none/slo', '/auth/end-session', '/developer/api', '/developer/api/Patient', '/developer/api/None', '/developer/errors'];
  for (const path of paths) {
    const answer = await page.goto(path);
    assert.ok([200, 400, 404, 410].includes(answer.status()), `${path}: ${answer.status()}`);
    found.push(...await look(page, path));
  }
  await page.goto('/auth/sign-in');
  await page.fill('#login', 'nobody');
  await page.fill('#password', 'wrong');
  await send(page, 'form[action="/auth/sign-in"] button');
  await page.waitForSelector('#problem p');
  found.push(...await look(page, 'a sign-in that failed'), ...await tells(page));
  await page.goto('/auth/sign-in');
  await send(page, 'form[action="/auth/passkey"] button');
  await page.waitForSelector('.passkey-problem:not(:empty)');
  found.push(...await look(page, 'a sign-in with a passkey'));
  await page.goto('/auth/reset');
  await page.fill('main input:not([type=hidden])', 'nobody@ward.test');
  await send(page, 'main form button');
  found.push(...await look(page, 'a letter that was sent'));
  await page.context().close();
  return found;
};

const signedIn = async (browser) => {
  const page = await visitor(browser);
  const found = [];
  await withDevice(page);
  await enterPassword(page, 'receptionist');
  for (const path of ['/auth/sessions', '/auth/factors', '/auth/password', '/auth/links', '/auth/launch', '/auth/apps', '/auth/device', '/auth/device?user_code=BCDF-GHJK', '/auth/break-glass']) {
    await page.goto(path);
    found.push(...await look(page, path));
  }
  await page.goto('/auth/password');
  for (const field of await page.locator('input[type=password]').all()) await field.fill('short');
  await send(page, 'main form button');
  found.push(...await look(page, 'a password that is too short'), ...await tells(page));
  await page.goto('/auth/factors');
  await send(page, 'button[value="offer"]');
  found.push(...await look(page, 'an app to be set up'));
  await page.goto('/auth/factors');
  await send(page, 'button[value="offer-passkey"]');
  found.push(...await look(page, 'a passkey to be made'));
  await page.fill('#name', 'Key');
  await page.click('button[data-passkey="make"]');
  await page.waitForSelector('.codes li');
  found.push(...await look(page, 'codes for recovery'));
  await page.goto('/auth/factors');
  found.push(...await look(page, 'factors with a passkey'));
  await enterPassword(page, 'receptionist');
  await page.waitForURL('**/auth/second-factor?**');
  found.push(...await look(page, '/auth/second-factor'));
  await page.fill('#code', '000000');
  await send(page, 'form:has(#code) button');
  await page.waitForSelector('#problem p');
  found.push(...await look(page, 'a second factor that is wrong'), ...await tells(page));
  await page.context().close();
  return found;
};

// A patient whom an app asks, people with other roles, and a glass that is broken and reviewed.
const inTheHouse = async (browser) => {
  const found = [];
  const redirect = 'http://127.0.0.1/back';
  const registration = { client_name: 'Diary', redirect_uris: [redirect], scope: 'openid fhirUser launch/patient launch/encounter patient/*.rs offline_access', token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'] };
  const answer = await fetch(`${house}/auth/register`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(registration) });
  const client = await answer.json();
  assert.ok(client.client_id, JSON.stringify(client));
  const asked = new URLSearchParams({ response_type: 'code', client_id: client.client_id, redirect_uri: redirect, scope: registration.scope, state: '0123456789abcdef0123456789abcdef', aud: `${house}/fhir`, code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' });
  const patient = await visitor(browser);
  await enterPassword(patient, 'patient', `/auth/authorize?${asked}`);
  await patient.waitForSelector('input[name="ward_scope"]');
  found.push(...await look(patient, 'an app that asks'));
  await patient.click('button[name="ward_decision"][value="allow"]');
  await patient.waitForSelector('input[name="ward_encounter"]');
  found.push(...await look(patient, 'an app that asks for an encounter'));
  await patient.goto('/auth/authorize?client_id=nobody');
  found.push(...await look(patient, 'an app that nobody knows'));
  await patient.context().close();

  const technician = await visitor(browser);
  await enterPassword(technician, 'laboratory-technician');
  await technician.goto('/auth/break-glass');
  found.push(...await look(technician, 'nothing to break'));
  await technician.context().close();

  const administrator = await visitor(browser);
  await enterPassword(administrator, 'system-administrator');
  await administrator.goto('/auth/sessions');
  found.push(...await look(administrator, 'the account of an administrator'));
  for (const page of ['', '/users', '/invite', '/clients', '/keys', '/roles', '/roles/nurse', '/tenants', '/explain']) {
    const answer = await administrator.goto(`/auth/admin${page}`);
    assert.ok([200, 403].includes(answer.status()), `${page}: ${answer.status()}`);
    found.push(...await look(administrator, `/auth/admin${page}`));
  }
  for (const [list, one] of [['/users', '/auth/admin/users/'], ['/clients', '/auth/admin/clients/'], ['/tenants', '/auth/admin/tenants/']]) {
    await administrator.goto(`/auth/admin${list}`);
    const address = await administrator.locator(`main a[href^="${one}"]`).first().getAttribute('href');
    assert.equal((await administrator.goto(address)).status(), 200, address);
    found.push(...await look(administrator, address));
  }
  await administrator.context().close();

  const nurse = await visitor(browser);
  await withDevice(nurse);
  await enterPassword(nurse, 'nurse', '/auth/factors');
  await send(nurse, 'button[value="offer-passkey"]');
  await nurse.fill('#name', 'Key');
  await nurse.click('button[data-passkey="make"]');
  await nurse.waitForSelector('.codes li');
  await nurse.goto('/auth/break-glass');
  await send(nurse, 'button[name="act"][value="break"] >> nth=0');
  await nurse.waitForSelector('#problem p');
  found.push(...await look(nurse, 'a glass that cannot be broken so'), ...await tells(nurse));
  await nurse.check('#chart-0');
  await nurse.fill('#reason', 'unconscious, no kin to ask');
  await nurse.click('button[data-passkey="use"]');
  await nurse.waitForSelector('text=The glass is broken');
  found.push(...await look(nurse, 'a broken glass'));
  await nurse.goto('/auth/sessions');
  found.push(...await look(nurse, 'the account while the glass is broken'));
  await nurse.context().close();

  const auditor = await visitor(browser);
  await enterPassword(auditor, 'auditor');
  await auditor.goto('/auth/reviews');
  found.push(...await look(auditor, '/auth/reviews'));
  for (const page of ['/trail', '/alerts']) {
    await auditor.goto(`/auth/admin${page}`);
    found.push(...await look(auditor, `/auth/admin${page}`));
  }
  await auditor.context().close();
  return found;
};

// A page on which everything is wrong: each look has to see its part.
const sees = async (browser) => {
  const page = await visitor(browser);
  await page.setViewportSize({ width: 320, height: 800 });
  await page.goto('/auth/sign-in');
  await page.evaluate(AXE);
  assert.deepEqual([...await violations(page), ...await misfits(page), ...await walk(page)], []);
  await page.evaluate(() => {
    const add = (name, style, content) => {
      const made = document.createElement(name);
      made.textContent = content ?? '';
      Object.assign(made.style, style);
      document.querySelector('main').prepend(made);
    };
    add('p', { color: '#bbb', background: '#fff' }, 'Hardly to be read');
    add('input', { outline: 'none' });
    add('button', { width: '1rem', height: '1rem', minHeight: '0', padding: '0' }, 'x');
    add('div', { width: '900px' }, 'wide');
  });
  const found = [...await violations(page), ...await misfits(page), ...await walk(page), ...await tells(page)].join('\n');
  for (const part of [/color-contrast/, /label:/, /is 16 by 16/, /pixels wide in 320/, /does not show that it is reached/, /is not told/]) assert.match(found, part);
  await page.context().close();
};

const browser = await open();
try {
  await sees(browser);
  const found = (await Promise.all([anybody(browser), signedIn(browser), inTheHouse(browser)])).flat();
  assert.deepEqual(found, [], found.join('\n'));
  const seen = (page) => [...looked.paths].some((path) => new RegExp(`^${page.replace(/\{[^}]*\}/g, '[^/]+')}$`).test(path));
  assert.deepEqual(PAGES.filter((page) => !seen(page)), [], 'pages that nobody looked at');
  console.log(`ok: ${looked.pages} pages, ${looked.views} views, nothing found`);
} finally {
  await browser.close();
}
