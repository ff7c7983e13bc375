import { Tooltip } from "@mantine/core";
import { absolute, relative } from "../../format/times.ts";
import { useNow } from "../../hooks/useNow.ts";
import { useZone } from "../../hooks/useZone.ts";

/** `12 min ago`, with the absolute time and its zone on hover; a dash where there is no instant. */
export function RelativeTime({ at, none = "–" }: { readonly at: string | number | undefined; readonly none?: string }) {
  const now = useNow();
  const { zone } = useZone();
  if (at === undefined) return <span className="quiet">{none}</span>;
  return (
    <Tooltip label={absolute(at, zone)}>
      <time dateTime={new Date(at).toISOString()}>{relative(at, now)}</time>
    </Tooltip>
  );
}

/** `2026-07-15 15:29:05 UTC` in the zone that the reader has chosen. */
export function AbsoluteTime({ at }: { readonly at: string | number }) {
  const { zone } = useZone();
  return (
    <time className="mono" dateTime={new Date(at).toISOString()}>
      {absolute(at, zone)}
    </time>
  );
}
