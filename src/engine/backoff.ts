/** Wait before attempt `attempts + 1`: doubles from `firstMs` to `maxMs`, and half of it is left to chance so that retries spread out. */
export function backoffMs(attempts: number, options: { firstMs: number; maxMs: number; random: () => number }): number {
  const full = Math.min(options.maxMs, options.firstMs * 2 ** Math.min(30, Math.max(0, attempts - 1)));
  return Math.round(full / 2 + (full / 2) * options.random());
}
