const shapes = {
  collectors: "M2.5 3.5h11v4h-11zM2.5 9.5h11v4h-11zM5 5.5h.01M5 11.5h.01",
  events: "M2.5 4h11M2.5 8h11M2.5 12h7",
  destinations: "M2.5 3h5v10h-5zM9.5 8H14M11.5 5.5L14 8l-2.5 2.5",
  sites: "M8 14s4.5-4.2 4.5-7.5a4.5 4.5 0 0 0-9 0C3.5 9.8 8 14 8 14zM8 8a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z",
  docs: "M3.5 2.5h6l3 3v8h-9zM9.5 2.5v3h3M6 8.5h4M6 11h4",
  settings: "M2.5 5h5M11.5 5h2M2.5 11h2M8.5 11h5M9.5 3v4M6.5 9v4",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5l3 3",
  plus: "M8 3v10M3 8h10",
  close: "M4 4l8 8M12 4l-8 8",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  play: "M5 3.5v9l7-4.5z",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  refresh: "M13 8a5 5 0 1 1-1.5-3.5M13 2.5v3h-3",
  edit: "M10.5 3l2.5 2.5L6 12.5l-3 .5.5-3z",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  trash: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9",
  duplicate: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3M9.5 7.5v4M7.5 9.5h4",
  download: "M8 2.5v8M4.5 7.5L8 11l3.5-3.5M3 13.5h10",
  check: "M3.5 8.5l3 3 6-7",
  cross: "M4.5 4.5l7 7M11.5 4.5l-7 7",
  warning: "M8 2.5l6 11H2zM8 6.5v3.5M8 12h.01",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.5V11M8 5h.01",
  chevronRight: "M6 3.5L10.5 8 6 12.5",
  chevronDown: "M3.5 6L8 10.5 12.5 6",
  arrowRight: "M3 8h10M9 4l4 4-4 4",
  arrowLeft: "M13 8H3M7 4L3 8l4 4",
  sun: "M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M3.4 12.6l1.1-1.1M11.5 4.5l1.1-1.1",
  moon: "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z",
  system: "M2.5 3h11v7.5h-11zM6 13.5h4M8 10.5v3",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.5V8l2.5 1.5",
  user: "M8 8a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 0 0 8 8zM2.5 14c.5-3 2.5-4.5 5.5-4.5s5 1.5 5.5 4.5",
  external: "M9 2.5h4.5V7M13.5 2.5L7.5 8.5M11.5 9.5v4h-9v-9h4",
  mail: "M2.5 3.5h11v9h-11zM2.5 4.5L8 9l5.5-4.5",
  key: "M5.5 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM7.75 7.75L13.5 2M11 4.5l2 2",
  table: "M2.5 3h11v10h-11zM2.5 6.5h11M6.5 6.5V13",
  comfortable: "M2.5 3.5h11M2.5 8h11M2.5 12.5h11",
  compact: "M2.5 3h11M2.5 5.5h11M2.5 8h11M2.5 10.5h11M2.5 13h11",
  chart: "M2.5 2.5v11h11M5.5 11V8.5M8.5 11V5.5M11.5 11V7",
  offline:
    "M2.5 2.5l11 11M5 8.5a5 5 0 0 1 1.5-1M2.5 6a8.5 8.5 0 0 1 2-1.4M8 12h.01M9.5 7.5A5 5 0 0 1 11 8.5M8 4a8.5 8.5 0 0 1 5.5 2",
} as const;

export type IconName = keyof typeof shapes;

/** A line drawing of 16 by 16; decoration beside a word, or the content of a labelled button. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === "more" ? 2.2 : 1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={shapes[name]} />
    </svg>
  );
}
