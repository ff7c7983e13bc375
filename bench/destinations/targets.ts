import { httpTargets } from "./http.ts";
import { queueTargets } from "./queues.ts";
import { storeTargets } from "./stores.ts";
import type { Target } from "./target.ts";

export const targets: readonly Target[] = [...storeTargets, ...queueTargets, ...httpTargets];
