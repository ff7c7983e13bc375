import { isAbsolute, normalize, sep } from "node:path";
import { z } from "zod";
import type { OutgoingEvent } from "../../model/outgoing.ts";
import { compression, fileType, hourOf, type PartitionBy, partitionBy, pathSegment } from "./event-file.ts";

const A_FOLDER = "expected an absolute path without . or .. in it";
const A_PATTERN =
  "expected folder names of letters, digits and = . _ -, with {collector} {data_source} {type} {date} {hour}";
const A_SEGMENT = /^(?!\.)(?:[A-Za-z0-9=._-]|\{(?:collector|data_source|type|date|hour)\})+$/;
const MEGABYTES = "expected a whole number from 1 to 10000";
const MINUTES = "expected a whole number from 1 to 10080";
const DAYS = "expected a whole number from 1 to 3650";

const isPlainPath = (path: string) => isAbsolute(path) && normalize(`${path}${sep}`) === path.replace(/[/\\]*$/, sep);
const isPattern = (pattern: string) => pattern.split("/").every((segment) => A_SEGMENT.test(segment));

export const filesSettings = z
  .strictObject({
    folder: z
      .string({ error: A_FOLDER })
      .max(1_000, { error: A_FOLDER })
      .refine(isPlainPath, { error: A_FOLDER })
      .optional()
      .meta({
        title: "Folder",
        description:
          "Where the files go: an absolute path, of a folder that is there. Default: one in the data folder.",
        placeholder: "/srv/cistern/events",
      }),
    path: z
      .string({ error: A_PATTERN })
      .max(200, { error: A_PATTERN })
      .refine(isPattern, { error: A_PATTERN })
      .default("{data_source}/dt={date}/hh={hour}")
      .meta({
        title: "Folders inside",
        description:
          "Where a file stands below the folder; {collector}, {data_source}, {type}, {date} and {hour} stand for the event's own.",
        advanced: true,
      }),
    file_type: fileType,
    compression: compression.default("none"),
    mode: z.enum(["batch", "append"], { error: "expected batch or append" }).default("batch").meta({
      title: "Files",
      description:
        "batch: each batch is a file of its own, whole from the start. append: one file grows (NDJSON only).",
    }),
    rotate_megabytes: z
      .int({ error: MEGABYTES })
      .min(1, { error: MEGABYTES })
      .max(10_000, { error: MEGABYTES })
      .default(256)
      .meta({
        title: "Largest file",
        description: "A growing file is followed by the next before it exceeds this many MB.",
        advanced: true,
      }),
    rotate_minutes: z
      .int({ error: MINUTES })
      .min(1, { error: MINUTES })
      .max(10_080, { error: MINUTES })
      .default(60)
      .meta({
        title: "Longest time of a file",
        description: "A growing file is followed by the next once it is this many minutes old.",
        advanced: true,
      }),
    partition_by: partitionBy,
    remove_after_days: z.int({ error: DAYS }).min(1, { error: DAYS }).max(3_650, { error: DAYS }).optional().meta({
      title: "Remove after days",
      description: "Files that were written longer ago are removed. Default: never.",
      placeholder: "90",
    }),
  })
  .refine(({ mode, file_type }) => mode === "batch" || file_type === "ndjson", {
    error: "expected ndjson, because a Parquet file cannot grow",
    path: ["file_type"],
  });

export type FilesSettings = z.infer<typeof filesSettings>;

/** The folders, below the destination's, that an event belongs into. Nothing in an event leads out of them. */
export function folderOf(event: OutgoingEvent, pattern: string, by: PartitionBy): string {
  const { view } = event;
  const values: Readonly<Record<string, string>> = {
    collector: pathSegment(view.collector),
    data_source: pathSegment(view.stored.dataSource),
    type: pathSegment(view.stored.type),
    ...hourOf(event, by),
  };
  return pattern.replace(/\{(\w+)\}/g, (_, name: string) => values[name]!);
}
