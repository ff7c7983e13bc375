import { type Conversation, conversationFamily, conversationsOf } from "./conversations.ts";
import type { Cell, EventFamily, World } from "./family.ts";

/** Every family of events, one for each stream that the generator fills. */
export function familiesOf(world: World): readonly EventFamily[] {
  const conversationsIn = remembered((cell) => conversationsOf(world, cell));
  return [conversationFamily(world, conversationsIn)];
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
