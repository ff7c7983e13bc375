import { Link, useSearch } from "@tanstack/react-router";
import type { ComponentType } from "react";
import tabs from "../components/CollectorsTabs/CollectorsTabs.module.css";
import { PageHeader } from "../components/PageHeader/PageHeader.tsx";
import { SettingsAccounts } from "./SettingsAccounts.tsx";
import type { SettingsTab } from "./SettingsAddress.ts";
import { SettingsAlerts } from "./SettingsAlerts.tsx";
import { SettingsRecord } from "./SettingsRecord.tsx";
import { SettingsSystem } from "./SettingsSystem.tsx";
import { SettingsTokens } from "./SettingsTokens.tsx";

const labels: Readonly<Record<SettingsTab, string>> = {
  system: "System",
  alerts: "Alerts",
  tokens: "API tokens",
  accounts: "Accounts",
  "access-record": "Access record",
};

const lines: Readonly<Record<SettingsTab, string>> = {
  system: "Disk, secret key, search index and version of this server",
  alerts: "Who is told when something is not as it should be, and when",
  tokens: "For programs that read this server's API; each token has a role and an end",
  accounts: "Who can sign in, and with which roles",
  "access-record": "Every change and every reading of content; it can be read, not changed",
};

const parts: Readonly<Record<SettingsTab, ComponentType>> = {
  system: SettingsSystem,
  alerts: SettingsAlerts,
  tokens: SettingsTokens,
  accounts: SettingsAccounts,
  "access-record": SettingsRecord,
};

/** The server itself: its state, its API tokens, its accounts, and who did and read what. */
export function Settings() {
  const { tab = "system" } = useSearch({ from: "/settings" });
  const Part = parts[tab];
  return (
    <div className="page">
      <PageHeader title="Settings" line={lines[tab]} />
      <nav className={tabs.tabs} aria-label="Settings">
        {Object.entries(labels).map(([name, label]) => (
          <Link
            key={name}
            to="/settings"
            search={name === "system" ? {} : { tab: name as SettingsTab }}
            data-active={name === tab || undefined}
            aria-current={name === tab ? "page" : undefined}
            activeProps={{}}
          >
            {label}
          </Link>
        ))}
      </nav>
      <Part />
    </div>
  );
}
