import type { Context } from "hono";
import { recordName } from "../model/access.ts";
import type { ApiDeps, ApiEnv } from "./deps.ts";
import { identityOf } from "./route.ts";

/** Notes a change of configuration or an operation. `detail` names what was changed, never a secret. */
export function recordChange(
  { access }: ApiDeps,
  c: Context<ApiEnv>,
  action: string,
  object?: string,
  detail?: Readonly<Record<string, unknown>>,
) {
  access.record({ who: recordName(identityOf(c)), action, object, detail });
}

/** Notes that content is about to be given out; throws where that cannot be written, and then nothing is given out. */
export const recordRead = recordChange;
