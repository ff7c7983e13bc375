/** The lines, set apart from what stands around them: a box on a terminal, lines of dashes elsewhere. */
export function framed(lines: readonly string[], box: boolean): readonly string[] {
  const width = Math.max(...lines.map((line) => [...line].length));
  if (!box) return ["-".repeat(width), ...lines, "-".repeat(width)];
  const edge = "─".repeat(width + 2);
  const inside = lines.map((line) => `│ ${line}${" ".repeat(width - [...line].length)} │`);
  return [`┌${edge}┐`, ...inside, `└${edge}┘`];
}
