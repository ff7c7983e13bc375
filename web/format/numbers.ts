const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

/** `12,345`. */
export function count(value: number): string {
  return whole.format(value);
}

/** `950`, `12.3 k`, `4.1 M`: for axes and narrow columns. */
export function shortCount(value: number): string {
  if (value < 1_000) return count(value);
  const [divisor, unit] = value < 999_500 ? [1_000, "k"] : value < 999_500_000 ? [1e6, "M"] : [1e9, "G"];
  const scaled = value / (divisor as number);
  return `${scaled >= 99.95 ? scaled.toFixed(0) : scaled.toFixed(1).replace(/\.0$/, "")} ${unit}`;
}

const units = ["B", "kB", "MB", "GB", "TB"];

/** `0 B`, `812 kB`, `1.4 GB`; powers of 1000. */
export function bytes(value: number): string {
  let scaled = value;
  let unit = 0;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1_000;
    unit += 1;
  }
  const digits = unit === 0 || scaled >= 99.5 ? 0 : 1;
  return `${scaled.toFixed(digits).replace(/\.0$/, "")} ${units[unit]}`;
}

/** `0 /s`, `0.4 /s`, `12 /s`, `1,204 /s`; what is less than a tenth is not nothing. */
export function rate(perSecond: number): string {
  if (perSecond > 0 && perSecond < 0.1) return "< 0.1 /s";
  return `${perSecond < 9.95 ? perSecond.toFixed(1).replace(/\.0$/, "") : count(perSecond)} /s`;
}

/** `1 file`, `2 files`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `0 %` to `100 %`; below the whole it never says 100. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  return `${share < 1 ? Math.min(rounded, 99) : 100} %`;
}
