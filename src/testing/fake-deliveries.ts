// Destinations for tests of the API: one kind, and in-memory fakes of the delivery engine and its side of the store.
import { z } from "zod";
import type {
  DeadLetter,
  DeliveryReader,
  DeliveryState,
  DeliveryStore,
  HourlyAccount,
  Replay,
} from "../model/delivery.ts";
import type { DeliveryActivity, DeliveryControl, DestinationPlan, DestinationTester } from "../model/delivery-plan.ts";
import { defineDestination } from "../model/destination.ts";
import { eventJson } from "../model/event-json.ts";
import type { Shape } from "../model/outgoing.ts";

export const fakeDestination = defineDestination({
  name: "fake-hook",
  title: "Fake hook",
  description: "Takes events in tests.",
  group: "http",
  settings: z.strictObject({
    url: z.string().meta({ title: "Address", description: "Where it is." }),
    token: z.string().min(4).meta({ title: "Token", description: "Lets us in.", secret: true }),
    signing: z.string().optional().meta({ title: "Signing secret", description: "Signs.", secret: true }),
  }),
  address: ["url"],
  formats: ["raw", "ecs"],
  guarantee: "at_least_once",
  guaranteeNote: "A repeat is a second copy.",
  limits: { events: 100, bytes: 1_000_000 },
  maxAgeMs: 1_000,
  concurrency: 1,
  open: () => {
    throw new Error("nothing is sent here");
  },
});

/** What the fakes answer with, and what they were asked. */
export interface DeliveryData {
  activity: readonly DeliveryActivity[];
  states: readonly DeliveryState[];
  accounts: readonly HourlyAccount[];
  letters: readonly DeadLetter[];
  waiting: ReadonlyMap<string, number>;
  replays: Replay[];
  plans: readonly DestinationPlan[];
  readonly woken: string[];
  readonly removed: string[];
  readonly changed: { readonly ids: readonly number[] | "all"; readonly to: string; readonly by: string }[];
}

export function fakeDeliveries() {
  const data: DeliveryData = {
    activity: [],
    states: [],
    accounts: [],
    letters: [],
    waiting: new Map(),
    replays: [],
    plans: [],
    woken: [],
    removed: [],
    changed: [],
  };
  return { data, parts: { ...kinds(), ...control(data), deliveryReader: reader(data), deliveryStore: store(data) } };
}

function kinds() {
  const shape: Shape = (stored) => {
    const view = { stored, collector: "chatgpt-prod", connector: "fake", text: undefined, data: undefined };
    const body = eventJson(stored, view);
    return { key: "key", view, body, bytes: Buffer.byteLength(body), group: "g" };
  };
  return {
    destinationKinds: [fakeDestination],
    parseDestination: (_kind: string, settings: unknown) => fakeDestination.settings.parse(settings) as unknown,
    formats: [
      { name: "raw", title: "Raw", description: "As stored." },
      { name: "ecs", title: "ECS", description: "Elastic's." },
    ],
    shaperOf: () => shape,
  };
}

function control(data: DeliveryData) {
  const deliveries: DeliveryControl = {
    apply: async (plans) => {
      data.plans = plans;
    },
    wake: async (id) => void data.woken.push(id),
    activity: async () => data.activity,
    stop: async () => undefined,
  };
  const destinationTester: DestinationTester = {
    async *test() {
      yield { id: "deliver", title: "Deliver a test event", state: "running" };
      yield { id: "deliver", title: "Deliver a test event", state: "ok", detail: "It was taken" };
    },
  };
  return { deliveries, destinationTester };
}

function reader(data: DeliveryData): DeliveryReader {
  return {
    deliveryStates: async () => data.states,
    hourlyAccounts: async () => data.accounts,
    deadLetters: async () => data.letters,
    waitingLetters: async () => data.waiting,
    replays: async () => data.replays,
    countLog: async () => 42,
  };
}

function store(
  data: DeliveryData,
): Pick<DeliveryStore, "changeLetters" | "requestReplay" | "cancelReplay" | "removeDestination" | "deliveries"> {
  return {
    changeLetters: async (_id, ids, to, by) => data.changed.push({ ids, to, by }),
    async requestReplay(replay) {
      const id = data.replays.length + 1;
      data.replays.push({ ...replay, id, state: "running", delivered: 0, filtered: 0, dead: 0, endedAt: undefined });
      return id;
    },
    cancelReplay: async () => true,
    removeDestination: async (id) => void data.removed.push(id),
    deliveries: async () => [],
  };
}
