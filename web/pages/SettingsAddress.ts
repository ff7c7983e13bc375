export const settingsTabs = ["system", "alerts", "tokens", "accounts", "access-record"] as const;
export type SettingsTab = (typeof settingsTabs)[number];

/** The tab that the address names; the system without one. */
export function settingsSearch(raw: Readonly<Record<string, unknown>>): { readonly tab?: SettingsTab } {
  const tab = settingsTabs.find((name) => name === raw.tab);
  return tab === undefined ? {} : { tab };
}
