// The part of the HTTP API that the destination pages use.
import { json } from "./api.ts";
import type {
  DeadLetter,
  DeliveryPreview,
  Destination,
  DestinationChange,
  DestinationKind,
  LetterChoice,
  NewDestination,
  PreviewRequest,
  Receipt,
  Replay,
  ReplayRequest,
} from "./api-types.ts";

const at = (destination: string) => `/destinations/${encodeURIComponent(destination)}`;

export type LetterState = DeadLetter["state"];
/** Dead letters in one answer, at most. */
export const LETTERS_PAGE = 100;
const LETTERS_MOST = 500;

function lettersPath(
  destination: string,
  state: LetterState | undefined,
  before: number | undefined,
  limit: number,
): string {
  const query = new URLSearchParams({ limit: String(limit) });
  if (state !== undefined) query.set("state", state);
  if (before !== undefined) query.set("before", String(before));
  return `${at(destination)}/dead-letters?${query}`;
}

export const destinationsApi = {
  kinds: () => json<readonly DestinationKind[]>("GET", "/destination-kinds"),
  list: (signal: AbortSignal) => json<readonly Destination[]>("GET", "/destinations", undefined, signal),
  one: (destination: string, signal: AbortSignal) => json<Destination>("GET", at(destination), undefined, signal),
  add: (body: NewDestination) => json<Destination>("POST", "/destinations", body),
  change: (destination: string, body: DestinationChange) => json<Destination>("PATCH", at(destination), body),
  remove: (destination: string) => json<void>("DELETE", at(destination)),
  act: (destination: string, action: "pause" | "resume" | "try-now") =>
    json<void>("POST", `${at(destination)}/${action}`),
  preview: (body: PreviewRequest) => json<DeliveryPreview>("POST", "/destinations/preview", body),

  receipts: (destination: string, hours: number, signal: AbortSignal) =>
    json<readonly Receipt[]>("GET", `${at(destination)}/receipts?hours=${hours}`, undefined, signal),
  letters: (destination: string, state: LetterState | undefined, before: number | undefined, signal: AbortSignal) =>
    json<readonly DeadLetter[]>("GET", lettersPath(destination, state, before, LETTERS_PAGE), undefined, signal),
  /** Every dead letter in this state, however many answers that takes. */
  allLetters: async (destination: string, state: LetterState | undefined): Promise<readonly DeadLetter[]> => {
    const all: DeadLetter[] = [];
    for (;;) {
      const page = await json<readonly DeadLetter[]>(
        "GET",
        lettersPath(destination, state, all.at(-1)?.id, LETTERS_MOST),
      );
      all.push(...page);
      if (page.length < LETTERS_MOST) return all;
    }
  },
  changeLetters: (destination: string, action: "retry" | "discard", body: LetterChoice) =>
    json<{ readonly changed: number }>("POST", `${at(destination)}/dead-letters/${action}`, body),

  replays: (destination: string, signal: AbortSignal) =>
    json<readonly Replay[]>("GET", `${at(destination)}/replays`, undefined, signal),
  forecastReplay: (destination: string, body: ReplayRequest) =>
    json<{ readonly events: number }>("POST", `${at(destination)}/replays/forecast`, body),
  replay: (destination: string, body: ReplayRequest) => json<Replay>("POST", `${at(destination)}/replays`, body),
  cancelReplay: (destination: string, replay: number) =>
    json<void>("POST", `${at(destination)}/replays/${replay}/cancel`),
};
