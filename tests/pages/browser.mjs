// Debian's Chromium, and the house that it visits: a demonstration with an account for each role.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

// Passkeys belong to a name: to browsers this machine is `localhost`, whatever its address.
const [, , address, folder] = process.argv;
export const house = `http://localhost:${new URL(address).port}`;
const demo = JSON.parse(readFileSync(`${folder}/demo.json`, 'utf8'));

export const open = () => chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGUMENTS });

// A context of its own for one person, with a page that fails the test when the policy of a page keeps anything from running.
export const visitor = async (browser, options = {}) => {
  const context = await browser.newContext({ baseURL: house, ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.blocked = [];
  page.on('console', (message) => { if (/Content Security Policy/.test(message.text())) page.blocked.push(message.text()); });
  page.asked = [];
  page.on('request', (request) => page.asked.push(`${request.resourceType()} ${new URL(request.url()).pathname}`));
  return page;
};

const DEVICE = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };

// Gives a page a device for passkeys, as Chromium's DevTools have it (https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn/).
export const withDevice = async (page) => {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options: DEVICE });
  return { devtools, authenticatorId };
};

// Fills in login and password, whatever comes after.
export const enterPassword = async (page, role, next = '/auth/sessions') => {
  const { login, password } = demo.users.find((user) => user.role === role);
  await page.goto(`/auth/sign-in?next=${encodeURIComponent(next)}`);
  await page.fill('#login', login);
  await page.fill('#password', password);
  await send(page, 'form[action="/auth/sign-in"] button');
};

export const signOut = async (page) => {
  await page.goto('/auth/sessions');
  await send(page, 'form[action="/auth/sign-out"] button');
};

// Presses a button, and waits for the page that comes after it.
export const send = (page, button) => Promise.all([page.waitForEvent('load'), page.click(button)]);

// Runs cases one after the other, and says which hold.
export const run = async (cases) => {
  const browser = await open();
  try {
    for (const [name, one] of Object.entries(cases)) {
      await one(browser);
      console.log(`ok: ${name}`);
    }
  } finally {
    await browser.close();
  }
};

export { assert };
