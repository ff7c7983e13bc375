import { type CheckStep, runStep, skippedStep } from "../../model/check.ts";

export interface SignInAndDeliver {
  readonly now: () => Date;
  readonly title: string;
  /** Resolves with what was found, as a sentence. */
  readonly signIn: () => Promise<string>;
  readonly deliver: () => Promise<string>;
}

/** The connection test of a service that wants a token first: without one, nothing is delivered. */
export async function* signInAndDeliver({ now, title, signIn, deliver }: SignInAndDeliver): AsyncGenerator<CheckStep> {
  const step = ["deliver", "Deliver a test event"] as const;
  const signedIn = yield* runStep("sign-in", title, now, async () => ({
    state: "ok",
    detail: await signIn(),
    value: true,
  }));
  if (signedIn) yield* runStep(...step, now, async () => ({ state: "ok", detail: await deliver() }));
  else yield skippedStep(...step, "Nothing can be delivered without a token");
}
