import type { DataSourceInfo } from "../../api-types.ts";

interface Answer {
  readonly name?: string | undefined;
  readonly problem?: string | undefined;
}

/** The data source that a typed event type stands for: a known one by its own name, else the type itself; or why not. */
export function addable(text: string, known: readonly DataSourceInfo[], chosen: readonly string[]): Answer {
  const type = text.trim();
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(type)) return { problem: "An event type has letters, digits and _ only" };
  const match = known.find(({ upstreamType, name }) => upstreamType === type || name === type);
  const name = match?.name ?? type;
  return chosen.includes(name) ? { problem: `${match?.title ?? type} is chosen already` } : { name };
}
