export function Collector() {
  return null;
}
