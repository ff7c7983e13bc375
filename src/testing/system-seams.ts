// The real clock, dice and name server, for tests over real sockets.
import { systemResolve } from "../http/address-guard.ts";
import { systemMonotonicMs, systemNow, systemRandom, systemRandomBytes, systemSleep } from "../runtime/clock.ts";

export const systemSeams = {
  now: systemNow,
  monotonicMs: systemMonotonicMs,
  sleep: systemSleep,
  random: systemRandom,
  randomBytes: systemRandomBytes,
  resolve: systemResolve,
};
