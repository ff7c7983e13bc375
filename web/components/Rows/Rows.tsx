import { Skeleton } from "@mantine/core";

const widths = ["72%", "54%", "63%", "48%", "69%"];

/** Rows that keep a table's shape while its data is on the way. */
export function SkeletonRows({
  rows,
  columns,
  height = 36,
}: {
  readonly rows: number;
  readonly columns: number;
  readonly height?: number;
}) {
  return Array.from({ length: rows }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
    <tr key={row} style={{ height }}>
      {Array.from({ length: columns }, (_, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <td key={column}>
          <Skeleton height={12} width={widths[(row + column) % widths.length] ?? "60%"} radius={3} />
        </td>
      ))}
    </tr>
  ));
}
