// Pins what differs from run to run: the clock starts where the recording started and runs on; random numbers
// come from a seed. Run first in every document and worker of a replay, before any script of theirs.
(pins) => {
  const RealDate = Date;
  const now = () => RealDate.now() + pins.offset;
  const PinnedDate = new Proxy(RealDate, {
    construct: (target, args, made) => Reflect.construct(target, args.length ? args : [now()], made),
    apply: () => new RealDate(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
  RealDate.prototype.constructor = PinnedDate;
  globalThis.Date = PinnedDate;

  // sfc32: small, quick, and the same everywhere.
  let [a, b, c, d] = pins.seed;
  const next = () => {
    const t = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  Math.random = () => next() / 4294967296;
  if (!globalThis.crypto) return;
  const fill = (view) => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (let i = 0; i < bytes.length; ++i) bytes[i] = next() & 0xff;
    return view;
  };
  const hex = (bytes, from, to) => Array.from(bytes.slice(from, to), (byte) => byte.toString(16).padStart(2, '0')).join('');
  Crypto.prototype.getRandomValues = fill;
  // Only where the page is secure is there one to take the place of.
  if (!Crypto.prototype.randomUUID) return;
  Crypto.prototype.randomUUID = () => {
    const bytes = fill(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    return [[0, 4], [4, 6], [6, 8], [8, 10], [10, 16]].map(([from, to]) => hex(bytes, from, to)).join('-');
  };
}
