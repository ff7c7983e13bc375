/** How names of sites and collectors are compared: without regard to case and to how a character was composed. */
export const nameKey = (name: string): string => name.normalize("NFKC").trim().toLowerCase();
