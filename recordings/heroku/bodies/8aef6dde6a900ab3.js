// The dashboard: one page for every address, as an Ember application is.
import { route, visit } from './router.js';

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey) return;
  const address = new URL(link.href);
  if (address.origin !== location.origin || link.getAttribute('href').startsWith('#')) return;
  if (link.getAttribute('href') === '') return; // "Refresh" loads the page anew
  event.preventDefault();
  visit(address.pathname + address.search);
});

document.addEventListener('click', () => {
  document.querySelector('.glostick__menu--open')?.classList.remove('glostick__menu--open');
});

window.addEventListener('popstate', route);
window.addEventListener('offline', () => document.body.classList.add('is-offline'));
window.addEventListener('online', () => document.body.classList.remove('is-offline'));
route();
