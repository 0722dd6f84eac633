// Passkeys in a real browser, with a virtual device.
import { assert, enterPassword, house, run, signOut, visitor, withDevice } from './browser.mjs';

const makePasskey = async (page, name) => {
  await page.goto('/auth/factors');
  await page.click('button[value="offer-passkey"]');
  await page.fill('#name', name);
  await page.click('button[data-passkey="make"]');
  await page.waitForSelector('.codes li');
  return page.locator('.codes code').allTextContents();
};

const signInAlone = async (page, next = '/auth/sessions') => {
  await page.goto(`/auth/sign-in?next=${encodeURIComponent(next)}`);
  await page.click('form[action="/auth/passkey"] button');
};

await run({
  'a passkey is made, and opens the account alone, as its second factor, and before a change': async (browser) => {
    const page = await visitor(browser);
    await withDevice(page);
    await enterPassword(page, 'nurse');
    const codes = await makePasskey(page, 'Phone');
    assert.equal(codes.length, 10);

    await signOut(page);
    await signInAlone(page, '/auth/apps');
    await page.waitForURL('**/auth/apps');

    await signOut(page);
    await enterPassword(page, 'nurse', '/auth/factors');
    await page.waitForURL('**/auth/second-factor?**');
    assert.ok(await page.isVisible('#code'));
    await page.click('button[data-passkey="use"]');
    await page.waitForURL('**/auth/factors');
    assert.equal(await page.locator('h3').textContent(), 'Phone');

    await page.fill('#name-0', 'Telephone');
    await page.click('button[value="rename-passkey"]');
    await page.waitForSelector('h3:text-is("Telephone")');
    await page.click('button[value="remove-passkey"]');
    await page.waitForSelector('button[value="offer-passkey"]');
    assert.equal(await page.locator('h3').count(), 0);

    // The device still has it, and the house does not.
    await signOut(page);
    await signInAlone(page);
    await page.waitForSelector('#problem p');
    assert.match(await page.textContent('#problem'), /opens no account here/);
    assert.deepEqual(page.blocked, []);
    const strange = page.asked.filter((asked) => !/^document |^stylesheet \/assets\/style.css$|\/favicon.ico$/.test(asked));
    assert.deepEqual(strange, [], 'nothing is fetched but pages and their style');
  },

  'a passkey breaks the glass': async (browser) => {
    const page = await visitor(browser);
    await withDevice(page);
    await enterPassword(page, 'physician');
    await makePasskey(page, 'Key');
    await page.goto('/auth/break-glass');
    await page.check('#chart-0');
    await page.fill('#reason', 'unconscious, no kin to ask');
    await page.click('button[data-passkey="use"]');
    await page.waitForSelector('text=The glass is broken');
    await page.click('button[value="mend"]');
    await page.waitForSelector('#reason');
  },

  'a passkey of a house at a host of its own is used there, and nowhere else': async (browser) => {
    const page = await visitor(browser, { baseURL: house.replace('localhost', 'north.localhost') });
    await withDevice(page);
    await enterPassword(page, 'administrator');
    const codes = await makePasskey(page, 'Northern');
    assert.equal(codes.length, 10);
    await page.goto('/auth/factors');
    assert.match(await page.textContent('ul.passkeys'), /for north\.localhost/);
    await signOut(page);
    await signInAlone(page, '/auth/factors');
    await page.waitForURL('**/auth/factors');
    assert.match(page.url(), /north\.localhost/);
    await signOut(page);
    // The same device at the main address has nothing to show there, and a code for recovery opens the account.
    await page.goto(`${house}/auth/sign-in?next=/auth/factors`);
    await page.click('form[action="/auth/passkey"] button');
    await page.waitForSelector('.passkey-problem:not(:empty)');
    const elsewhere = await visitor(browser);
    await enterPassword(elsewhere, 'administrator', '/auth/factors');
    await elsewhere.waitForURL('**/auth/second-factor?**');
    assert.equal(await elsewhere.locator('button[data-passkey="use"]').count(), 0);
    await elsewhere.fill('#code', codes[0]);
    await elsewhere.click('form:has(#code) button');
    await elsewhere.waitForURL('**/auth/factors');
  },

  'a device that does not know its owner is a second factor, and opens nothing alone': async (browser) => {
    const page = await visitor(browser);
    const { devtools, authenticatorId } = await withDevice(page);
    await enterPassword(page, 'pharmacist');
    await makePasskey(page, 'Key');
    await signOut(page);
    await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await signInAlone(page);
    await page.waitForSelector('.passkey-problem:not(:empty)');
    assert.match(await page.textContent('.passkey-problem'), /That did not work/);
    assert.match(page.url(), /\/auth\/passkey$/);
    // Nor may its word be altered on the way: the page asks with less than the house wants.
    await signInAlone(page);
    await page.waitForSelector('.passkey-problem:not(:empty)');
    await page.evaluate(() => {
      const button = document.querySelector('button[data-passkey]');
      button.dataset.options = JSON.stringify({ ...JSON.parse(button.dataset.options), userVerification: 'discouraged' });
      button.click();
    });
    await page.waitForSelector('#problem p');
    assert.match(await page.textContent('#problem'), /opens no account here/);
  },

  'without a script everything else works': async (browser) => {
    const scripted = await visitor(browser);
    await withDevice(scripted);
    await enterPassword(scripted, 'biller');
    const [code] = await makePasskey(scripted, 'Key');
    const page = await visitor(browser, { javaScriptEnabled: false });
    await page.goto('/auth/sign-in');
    assert.equal(await page.isVisible('form[action="/auth/passkey"] button'), false);
    await enterPassword(page, 'biller');
    assert.equal(await page.isVisible('button[data-passkey]'), false);
    await page.fill('#code', code);
    await page.click('form:has(#code) button');
    await page.waitForURL('**/auth/sessions');
    await page.goto('/auth/break-glass');
    await page.goto('/auth/factors');
    assert.equal(await page.locator('h3').textContent(), 'Key');
  },

  'the policy of the page runs no other script': async (browser) => {
    const page = await visitor(browser);
    await page.goto('/auth/sign-in');
    assert.deepEqual(page.blocked, []);
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.another = true';
      document.body.append(script);
      const other = document.createElement('script');
      other.src = '/fhir/metadata';
      document.body.append(other);
    });
    await page.waitForTimeout(200);
    assert.equal(await page.evaluate(() => window.another), undefined);
    assert.equal(page.blocked.length, 2, page.blocked.join('\n'));
  },
});
