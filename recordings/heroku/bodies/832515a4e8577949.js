// The cookie banner: over the form until one of its answers is clicked, then never again in this browser.
(() => {
  const banner = document.getElementById('onetrust-consent-sdk');
  const answer = () => {
    document.cookie = `OptanonAlertBoxClosed=${new Date().toISOString()}; path=/; max-age=31536000; secure`;
    banner.remove();
  };
  for (const id of ['onetrust-accept-btn-handler', 'onetrust-reject-all-handler']) {
    document.getElementById(id).addEventListener('click', answer);
  }
  const show = () => banner.classList.add('shown');
  if (banner.dataset.when === 'late') setTimeout(show, 1500);
  else show();
})();
