export function EditCollector() {
  return null;
}
