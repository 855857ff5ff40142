// What these clients use and Node 18, which Debian 12 has, lacks: node --require ./node18.cjs …

globalThis.crypto ??= require('node:crypto').webcrypto;

AbortSignal.any ??= (signals) => {
  const any = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) {
      any.abort(signal.reason);
    }
    signal.addEventListener('abort', () => any.abort(signal.reason), { once: true, signal: any.signal });
  }
  return any.signal;
};
