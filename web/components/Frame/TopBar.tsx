import { ActionIcon, Menu, Tooltip, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { rolesText } from "../../format/roles.ts";
import { useSession, useSessionActions } from "../../hooks/useSession.ts";
import { useSystem } from "../../hooks/useSystem.ts";
import { useZone } from "../../hooks/useZone.ts";
import { ChangePassword } from "../ChangePassword/ChangePassword.tsx";
import { Icon } from "../Icon/Icon.tsx";
import { ThemeSwitch } from "../ThemeSwitch/ThemeSwitch.tsx";
import styles from "./Frame.module.css";

export const commandKey = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";

/** Search, time zone, theme, help and account. */
export function TopBar({ onSearch, onHelp }: { readonly onSearch: () => void; readonly onHelp: () => void }) {
  const system = useSystem();
  return (
    <header className={styles.bar}>
      <UnstyledButton className={styles.search} onClick={onSearch}>
        <Icon name="search" size={15} />
        <span className={styles.searchWords}>Go to a page or collector</span>
        <kbd>{commandKey} K</kbd>
      </UnstyledButton>
      <div className={styles.spring} />
      {system.data?.demo && <span className={styles.demo}>Demo data</span>}
      <ZoneSwitch />
      <Tooltip label="Shortcuts (?)">
        <ActionIcon variant="subtle" color="gray" size={32} aria-label="Keyboard shortcuts" onClick={onHelp}>
          <span className={styles.question}>?</span>
        </ActionIcon>
      </Tooltip>
      <ThemeSwitch />
      <Account />
    </header>
  );
}

function ZoneSwitch() {
  const { zone, choose } = useZone();
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const other = zone === "UTC" ? "local" : "UTC";
  return (
    <Tooltip
      label={`Times are shown in ${zone === "UTC" ? "UTC" : here}. Switch to ${other === "UTC" ? "UTC" : here}.`}
    >
      <UnstyledButton className={styles.zone} onClick={() => choose(other)}>
        <Icon name="clock" size={15} />
        <span>{zone === "UTC" ? "UTC" : "Local"}</span>
        <span className="visually-hidden"> time; switch to {other === "UTC" ? "UTC" : "local time"}</span>
      </UnstyledButton>
    </Tooltip>
  );
}

function Account() {
  const account = useSession().data?.account;
  const { signOut } = useSessionActions();
  const [changing, setChanging] = useState(false);
  if (!account) return null;
  return (
    <>
      <Menu width={200}>
        <Menu.Target>
          <UnstyledButton className={styles.account} aria-label={`Account: ${account.name}`}>
            <Icon name="user" />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <div className={styles.accountName}>
            <strong>{account.name}</strong>
            <span className="quiet">{rolesText(account.roles)}</span>
          </div>
          <Menu.Divider />
          <Menu.Item leftSection={<Icon name="key" />} onClick={() => setChanging(true)}>
            Change password
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="external" />} onClick={() => signOut.mutate()}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {changing && <ChangePassword onClose={() => setChanging(false)} />}
    </>
  );
}
