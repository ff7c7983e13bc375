export function Prepare() {
  return null;
}
