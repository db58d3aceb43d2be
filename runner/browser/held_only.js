// Runs in every document before its own scripts: a request that Chrome would send by itself, later and past whoever holds
// requests, cannot be made. Seen with Chrome 156: those of fetchLater and of background fetches do not come to
// Fetch.requestPaused. Service workers have no fetchLater, and Chrome refuses them background fetches.
(() => {
  delete globalThis.fetchLater;
  delete globalThis.ServiceWorkerRegistration?.prototype.backgroundFetch;
})();
