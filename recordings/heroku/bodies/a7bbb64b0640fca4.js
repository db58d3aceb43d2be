// The verification page draws itself late, and its ids are new each time.
(() => {
  const root = document.getElementById('verify');
  const id = `input-${3 + Math.floor(Math.random() * 90)}`;
  let attempts = 0;

  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };

  const goBack = ({ return_to, response }) => {
    const form = element('form', { method: 'post', action: return_to },
      element('input', { type: 'hidden', name: 'response', value: response }));
    document.body.append(form);
    form.submit();
  };

  const draw = () => {
    const input = element('input', { id, type: 'text', autocomplete: 'off', maxlength: '8', required: '' });
    const error = element('div', { class: 'error', role: 'alert', 'aria-live': 'assertive' });
    const button = element('button', { type: 'submit', class: 'brand' }, 'Verify');
    const form = element('form', {},
      element('label', { for: id }, 'Verification Code'), input, error, button);
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      button.disabled = true;
      error.textContent = '';
      const body = new URLSearchParams({ request: root.dataset.request, code: input.value.trim() });
      try {
        const answer = await fetch('/v1/verify/check', { method: 'POST', body });
        const content = await answer.json();
        if (answer.ok) return goBack(content);
        attempts += 1;
        error.textContent = content.error;
        input.value = '';
        if (attempts >= 5) {
          error.textContent = 'You made too many attempts. Go back and log in again.';
          return undefined;
        }
      } catch {
        error.textContent = 'We could not reach the verification service. Try again.';
      }
      button.disabled = false;
      input.focus();
      return undefined;
    });
    root.replaceChildren(element('div', { class: 'card' },
      element('h1', {}, 'Verify Your Identity'),
      element('p', {}, 'Enter the code from your authenticator app for ',
        element('strong', {}, root.dataset.account), '.'),
      form));
    input.focus();
  };

  setTimeout(draw, Number(root.dataset.late));
})();
