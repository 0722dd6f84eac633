// An app with npm's fhirclient, served by Node: `/launch` begins, `/` is where its user comes back to.
import { createServer } from 'node:http';
import fhirclient from 'fhirclient';

// Starts an app that asks as `settings` say: `address`, where it is; `client`, what the last user who came back brought, or the error that they came with.
export async function app(settings) {
  // What the library keeps between launch and return. One user at a time is enough here.
  const kept = new Map();
  const storage = { get: async (key) => kept.get(key), set: async (key, value) => kept.set(key, value), unset: async (key) => kept.delete(key) };
  const state = {};
  const server = createServer(async (request, response) => {
    const smart = fhirclient(request, response, storage);
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    if (pathname === '/launch') {
      await smart.authorize({ redirectUri: '/', ...settings, ...state.settings }).catch((error) => response.end(String(error)));
      return;
    }
    state.client = await smart.ready().catch((error) => error);
    response.end('You are back.');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.address = `http://127.0.0.1:${server.address().port}`;
  state.close = () => server.close();
  return state;
}
