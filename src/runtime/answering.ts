// An engine that does not answer must not make everyone wait who asks how it is.
import type { EngineActivity, EngineControl } from "../model/engine.ts";
import type { Sleep } from "./clock.ts";

/** How long a question may take before the last answer has to do. */
const PATIENCE_MS = 2_000;

export interface AnsweringOptions {
  readonly now: () => Date;
  readonly sleep: Sleep;
}

/**
 * The engine, whose `activity` and `diskPaused` answer within two seconds: from what it last said where it says nothing now, and then
 * `silentSince` tells since when. There is one question of a kind under way at a time.
 */
export function answering<T extends EngineControl>(engine: T, options: AnsweringOptions): T {
  const activity = question<readonly EngineActivity[]>(() => engine.activity(), [], options);
  const diskPaused = question(() => engine.diskPaused(), false, options);
  const own: Partial<EngineControl> = {
    activity: activity.ask,
    diskPaused: diskPaused.ask,
    silentSince: async () => activity.silentSince() ?? diskPaused.silentSince(),
  };
  return new Proxy(engine, {
    get: (target, name) => own[name as keyof EngineControl] ?? Reflect.get(target, name),
  });
}

function question<T>(ask: () => Promise<T>, before: T, { now, sleep }: AnsweringOptions) {
  let last = before;
  let underWay: { readonly since: Date; readonly answer: Promise<T> } | undefined;
  return {
    async ask(): Promise<T> {
      underWay ??= begin();
      const waited = new AbortController();
      const late = sleep(PATIENCE_MS, waited.signal).then(() => last);
      try {
        return await Promise.race([underWay.answer, late]);
      } finally {
        waited.abort();
      }
    },
    silentSince: () => underWay?.since,
  };

  function begin() {
    const answer = ask()
      .then((value) => {
        last = value;
        return value;
      })
      .finally(() => {
        underWay = undefined;
      });
    return { since: now(), answer };
  }
}
