// A browser without a script: it keeps the cookies of each host, follows redirects one by one, and sends forms as they stand in a page.
import assert from 'node:assert/strict';

const unescaped = (text) => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&');

const attribute = (tag, name) => {
  const found = tag.match(new RegExp(`\\s${name}=(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`));
  return found ? unescaped(found[1] ?? found[2] ?? found[3]) : undefined;
};

export class Browser {
  #cookies = new Map();

  // Where it is sent on to is not asked for any more when `until` says so: it is the last address then.
  async visit(address, { form, from, until = () => false } = {}) {
    let url = new URL(address);
    let sent = form;
    for (let hops = 0; hops < 20; hops += 1) {
      if (until(url)) return { url, status: 0, text: '', headers: new Headers() };
      const jar = this.#cookies.get(url.host) ?? new Map();
      this.#cookies.set(url.host, jar);
      const headers = {};
      // With a form of another site no cookie goes that is `SameSite=Lax`, as all of Ward's are.
      if (!sent || (from ?? url).origin === url.origin) headers.cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      if (sent) Object.assign(headers, { origin: (from ?? url).origin, 'content-type': 'application/x-www-form-urlencoded' });
      const request = { method: sent ? 'POST' : 'GET', headers, body: sent?.toString(), redirect: 'manual' };
      const response = await fetch(url, { ...request, signal: AbortSignal.timeout(20_000) });
      for (const cookie of response.headers.getSetCookie()) {
        const [name, value] = cookie.split(';')[0].split(/=(.*)/s);
        if (value === '' || /max-age=0\b/i.test(cookie) || /expires=Thu, 01 Jan 1970/i.test(cookie)) jar.delete(name);
        else jar.set(name, value);
      }
      const location = response.headers.get('location');
      if (!location) return { url, status: response.status, text: await response.text(), headers: response.headers };
      url = new URL(location, url);
      sent = undefined;
    }
    throw new Error(`too many redirects, at last to ${url}`);
  }

  // Sends the form of a page that has this text in it, with what is filled in.
  async fill(page, having, filled, options) {
    const forms = page.text.split(/<form\b/).slice(1).map((rest) => `<form${rest.split('</form>')[0]}`);
    const form = forms.find((text) => text.includes(having));
    assert.ok(form, `no form with ${having} in ${page.text}`);
    const pairs = new URLSearchParams();
    for (const [tag] of form.matchAll(/<input\b[^>]*>/g)) {
      const isBox = /type="(checkbox|radio)"/.test(tag);
      const name = attribute(tag, 'name');
      if (name && !(name in filled) && (!isBox || / checked/.test(tag))) pairs.append(name, attribute(tag, 'value') ?? '');
    }
    for (const [name, value] of Object.entries(filled)) pairs.append(name, value);
    return this.visit(new URL(attribute(form, 'action') ?? page.url, page.url), { form: pairs, from: page.url, ...options });
  }

  // Follows the link of a page that has this text.
  async follow(page, text, options) {
    const links = [...page.text.matchAll(/(<a\b[^>]*>)([\s\S]*?)<\/a>/g)];
    const link = links.find(([, , shown]) => shown.includes(text));
    assert.ok(link, `no link ${text} in ${page.text}`);
    return this.visit(new URL(attribute(link[1], 'href'), page.url), options);
  }

  cookie(url, name) {
    return this.#cookies.get(new URL(url).host)?.get(name);
  }
}
