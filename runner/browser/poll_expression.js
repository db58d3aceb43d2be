// Runs in the page's main world: asks `look` once a frame until what it gives is truthy (promises are awaited,
// what throws or rejects counts as not yet) or `timeout` milliseconds are over. Tells whether it was.
async (look, timeout) => {
  const end = Date.now() + timeout;
  const late = Symbol('late');
  // A page in the background has no frames.
  const next_frame = () => new Promise((done) => {
    requestAnimationFrame(done);
    setTimeout(done, 100);
  });
  for (;;) {
    const left = new Promise((done) => setTimeout(done, Math.max(end - Date.now(), 50), late));
    try {
      const value = await Promise.race([look(), left]);
      if (value !== late && value) return true;
    } catch {
      // Not yet.
    }
    if (Date.now() >= end) return false;
    await next_frame();
  }
}
