/** What each flag of a stored event means, for people. */
const meanings: Readonly<Record<string, readonly [string, string]>> = {
  synthetic_id: ["Made-up id", "Upstream gave no id; this one is made from the file's hash and the line number"],
  not_utf8: ["Not UTF-8", "The bytes are not valid UTF-8; the exact bytes can be downloaded"],
  zone_applied: ["Time zone applied", "Upstream's time has no zone; the collector's timezone gave it one"],
  ambiguous_time: ["Ambiguous time", "That local time happens twice at a clock change; the earlier one was taken"],
};

/** Name and meaning of a flag, however its words are joined; an unknown flag is its own name. */
export function flagMeaning(flag: string): { readonly name: string; readonly meaning: string } {
  const key = flag
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toLowerCase();
  const [name, meaning] = meanings[key] ??
    meanings[key.replace("utf_8", "utf8")] ?? [flag, "No further meaning is known to this console"];
  return { name, meaning };
}
