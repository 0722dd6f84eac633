// Passkeys (https://www.w3.org/TR/webauthn-3/): a button with `data-passkey` asks the device by its `data-options`, puts the answer into its form, and sends it.
// What needs a script is hidden until it is known that it can be used. Nothing is fetched, and no page needs it.
'use strict';
{
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const credentials = (list) => list.map((one) => ({ ...one, id: bytes(one.id) }));

  const ceremonies = {
    make: async ({ challenge, user, excludeCredentials, ...rest }) => {
      const owner = { ...user, id: bytes(user.id) };
      const publicKey = { ...rest, challenge: bytes(challenge), user: owner, excludeCredentials: credentials(excludeCredentials) };
      const { id, type, response } = await navigator.credentials.create({ publicKey });
      return { id, type, response: { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject) } };
    },
    use: async ({ challenge, allowCredentials, ...rest }) => {
      const publicKey = { ...rest, challenge: bytes(challenge), allowCredentials: credentials(allowCredentials) };
      const { id, type, response } = await navigator.credentials.get({ publicKey });
      const { clientDataJSON, authenticatorData, signature, userHandle } = response;
      const said = { clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature) };
      return { id, type, response: userHandle ? { ...said, userHandle: text(userHandle) } : said };
    },
  };

  const ask = async (button) => {
    const { form } = button;
    const problem = form.querySelector('.passkey-problem');
    // What is asked for is filled in before the device is.
    if (!button.formNoValidate && !form.reportValidity()) return;
    problem.textContent = '';
    button.disabled = true;
    try {
      form.elements.answer.value = JSON.stringify(await ceremonies[button.dataset.passkey](JSON.parse(button.dataset.options)));
      button.disabled = false;
      form.requestSubmit(button);
    } catch {
      // Browsers do not say why, so that no page finds out which passkeys there are.
      button.disabled = false;
      problem.textContent = 'That did not work: the passkey was not given, or the device has none that fits. Try again, or take another way.';
    }
  };

  if (window.isSecureContext && window.PublicKeyCredential) {
    document.querySelectorAll('[data-script]').forEach((part) => { part.hidden = false; });
    document.querySelectorAll('button[data-passkey]').forEach((button) => {
      button.addEventListener('click', (event) => {
        if (!button.form.elements.answer.value) {
          event.preventDefault();
          ask(button);
        }
      });
      if ('now' in button.dataset) ask(button);
    });
  }
}
