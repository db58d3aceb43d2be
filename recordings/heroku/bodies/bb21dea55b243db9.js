// Elements as Ember makes them: component roots with the class ember-view and ids that differ at each load.

let next = 100 + Math.floor(Math.random() * 900);

/** An element. Attributes that start with "on" are listeners, `value` and `disabled` are properties. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value' || name === 'disabled' || name === 'selected') element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/** The root element of a component. */
export function view(tag, attributes = {}, ...children) {
  next += 1 + Math.floor(Math.random() * 3);
  const classes = `${attributes.class ?? ''} ember-view`.trim();
  return h(tag, { id: `ember${next}`, ...attributes, class: classes }, ...children);
}

const shapes = {
  'edit-16': 'M11.5 1.5l3 3L5 14l-4 1 1-4z',
  'delete-16': 'M3 3l10 10M13 3L3 13',
  'app-16': 'M8 1l6 3.5v7L8 15l-6-3.5v-7z',
  'person-16': 'M8 2a3 3 0 110 6 3 3 0 010-6zM2 15c0-4 3-5 6-5s6 1 6 5',
  'team-16': 'M6 3a2.5 2.5 0 110 5 2.5 2.5 0 010-5zM1 14c0-3 2-4.500 5-4.500s5 1.500 5 4.500M11 4a2 2 0 110 4M12 10c2 .3 3 1.500 3 4',
  'settings-16': 'M8 5a3 3 0 110 6 3 3 0 010-6zM8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.500 1.500M11.500 11.500L13 13M13 3l-1.500 1.500M4.500 11.500L3 13',
  'billing-16': 'M1 3h14v10H1zM1 6.500h14',
};

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'icon malibu-icon');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('data-test-icon-name', name);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', shapes[name] ?? shapes['app-16']);
  svg.append(path);
  return svg;
}

/** Text for screen readers only. */
export const clip = (text) => h('span', { class: 'clip' }, text);

export const sleep = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

/** A button that cannot be pressed twice: it is busy until what it started has ended. */
export function asyncButton(classes, attributes, label, action) {
  const button = view('button', { type: 'button', ...attributes, class: `async-button default ${classes}` }, label);
  button.addEventListener('click', async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    button.classList.add('is-pending');
    try {
      await action();
    } finally {
      button.disabled = false;
      button.classList.remove('is-pending');
    }
  });
  return button;
}

/** A round picture made of the first letter of an address. */
export function gravatar(email) {
  let hue = 0;
  for (const letter of email) hue = (hue * 31 + letter.codePointAt(0)) % 360;
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="28" height="28"><rect width="28" height="28" fill="hsl(${hue},38%,62%)"/></svg>`;
  return h('span', { class: 'gravatar-icon' },
    h('img', { alt: email, src: `data:image/svg+xml,${encodeURIComponent(picture)}`, width: 28, height: 28 }));
}
