import type { DeliveryPhase } from "../../api-types.ts";
import { Badge } from "../StateBadge/StateBadge.tsx";
import { phases } from "./phases.ts";

/** The phase of a destination as shape, word and colour together. */
export function PhaseBadge({ phase, filled = false }: { readonly phase: DeliveryPhase; readonly filled?: boolean }) {
  const { shape, tone, word } = phases[phase];
  return (
    <Badge shape={shape} tone={tone} filled={filled}>
      {word}
    </Badge>
  );
}
