// Runs in every document before its own scripts: a request that Chrome would send by itself, later and past whoever holds
// requests, cannot be made. Seen with Chrome 156: those of fetchLater and of background fetches do not come to
// Fetch.requestPaused. A service worker keeps its background fetches: while it waits for its start it has no such thing
// yet that could be taken from it.
(() => {
  delete globalThis.fetchLater;
  delete globalThis.ServiceWorkerRegistration?.prototype.backgroundFetch;
})();
