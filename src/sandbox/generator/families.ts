import { customAgentsFamily } from "./agents.ts";
import { appAuthFamily, appLogFamily } from "./apps.ts";
import { auditFamily } from "./audit.ts";
import { authFamily } from "./auth.ts";
import { codexLogFamily, codexSecurityFamily, codexTurnFamily, spreadsheetFamily } from "./codex.ts";
import { type Conversation, conversationFamily, conversationsOf } from "./conversations.ts";
import { costsFamily } from "./costs.ts";
import type { Cell, EventFamily, World } from "./family.ts";
import { forecastFamily } from "./forecast.ts";

/** Every family of events, one for each stream that the generator fills. */
export function familiesOf(world: World): readonly EventFamily[] {
  const conversationsIn = remembered((cell) => conversationsOf(world, cell));
  return [
    conversationFamily(world, conversationsIn),
    appLogFamily(world, "workspace", conversationsIn),
    appLogFamily(world, "organization", conversationsIn),
    appAuthFamily(world, "workspace"),
    appAuthFamily(world, "organization"),
    auditFamily(world, conversationsIn),
    authFamily(world),
    codexLogFamily(world),
    codexTurnFamily(world),
    codexSecurityFamily(world),
    spreadsheetFamily(world),
    customAgentsFamily(world),
    costsFamily(world),
    forecastFamily(world),
  ];
}

// Several families tell of the same conversations; neighbouring cells are asked for again and again.
function remembered(make: (cell: Cell) => Conversation[]): (cell: Cell) => readonly Conversation[] {
  const kept = new Map<string, readonly Conversation[]>();
  return (cell) => {
    const name = `${cell.startMs} ${cell.share}`;
    const known = kept.get(name);
    if (known) return known;
    const made = make(cell);
    if (kept.size >= 256) for (const oldest of [...kept.keys()].slice(0, 64)) kept.delete(oldest);
    kept.set(name, made);
    return made;
  };
}
