import type { LogScope } from "../event-types.ts";
import { MINUTE_MS } from "../instants.ts";
import { randomOf } from "../random.ts";
import type { Conversation } from "./conversations.ts";
import {
  actorOf,
  type Cell,
  type EventFamily,
  envelope,
  type Moment,
  momentsOf,
  type PlannedEvent,
  type World,
} from "./family.ts";

const QUERIES = [
  "tide gauge calibration",
  "Lieferverzug Oktober",
  "contrat fournisseur joints",
  "大阪展示会 配置図",
  "open incidents this week",
];

/** Calls of connected apps: a request, and most often a response a little later. */
export function appLogFamily(
  world: World,
  scope: LogScope,
  conversationsIn: (cell: Cell) => readonly Conversation[],
): EventFamily {
  const family: EventFamily = {
    scope,
    type: "APP_LOG",
    reachMs: 12 * MINUTE_MS,
    plan(cell) {
      const conversations = conversationsIn(cell);
      return momentsOf(world, cell, `app ${scope}`, scope === "workspace" ? 0.03 : 0.01).flatMap((moment) => {
        const linked = moment.random.chance(0.8) && conversations.length > 0;
        const conversation = moment.random.fraction();
        return callOf(
          world,
          family,
          moment,
          linked ? conversations[Math.floor(conversation * conversations.length)]?.id : undefined,
        );
      });
    },
  };
  return family;
}

function callOf(world: World, family: EventFamily, moment: Moment, conversationId: string | undefined): PlannedEvent[] {
  const { random, id, atUs, person } = moment;
  const app = random.pick(world.company.apps);
  const tool = random.pick(app.tools);
  const query = random.pick(QUERIES);
  const shared = { app_id: app.id, app_name: app.name, app_type: app.type, conversation_id: conversationId ?? null };
  const input = {
    tool_name: tool,
    arguments: { query, limit: random.between(5, 50) },
    _meta: {
      locale: person.office.languages[0],
      user_agent: person.userAgent,
      location: { country: person.office.country },
    },
  };
  const request: PlannedEvent = {
    id,
    atUs,
    write: () => ({
      ...envelope(world, family, moment, actorOf(person)),
      ...shared,
      log_type: "request",
      input,
      output: null,
    }),
  };
  const answered = random.chance(0.93);
  const later = {
    id: randomOf(world.seed, "app response", id).uuid(),
    atUs: atUs + random.between(300_000, 9_000_000),
  };
  const output = [{ type: "text", text: `${random.between(0, 12)} results for “${query}”` }];
  const response: PlannedEvent = {
    ...later,
    write: () => ({
      ...envelope(world, family, later, actorOf(person)),
      ...shared,
      log_type: "response",
      input: null,
      output,
    }),
  };
  return answered ? [request, response] : [request];
}

/** People who connect an app with their account, or cut the connection. */
export function appAuthFamily(world: World, scope: LogScope): EventFamily {
  const family: EventFamily = {
    scope,
    type: "APP_AUTH_LOG",
    reachMs: 10 * MINUTE_MS,
    plan: (cell) =>
      momentsOf(world, cell, `app auth ${scope}`, scope === "workspace" ? 0.008 : 0.003).map((moment) => {
        const { random, id, atUs, person } = moment;
        const data = {
          app_id: random.chance(0.9) ? random.pick(world.company.apps).id : null,
          link_id: `link_${random.hex(24)}`,
          action: random.chance(0.8) ? "link" : "unlink",
        };
        return { id, atUs, write: () => ({ ...envelope(world, family, moment, actorOf(person)), ...data }) };
      }),
  };
  return family;
}
