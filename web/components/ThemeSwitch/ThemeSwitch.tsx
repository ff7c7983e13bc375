import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { type ThemeChoice, useTheme } from "../../hooks/useTheme.ts";
import { Icon } from "../Icon/Icon.tsx";

export const themeChoices: readonly {
  readonly value: ThemeChoice;
  readonly label: string;
  readonly icon: "sun" | "moon" | "system";
}[] = [
  { value: "light", label: "Light", icon: "sun" },
  { value: "dark", label: "Dark", icon: "moon" },
  { value: "system", label: "As the system", icon: "system" },
];

/** Chooses between light, dark and what the system says. */
export function ThemeSwitch() {
  const { choice, resolved, choose } = useTheme();
  return (
    <Menu width={170}>
      <Menu.Target>
        <Tooltip label="Theme">
          <ActionIcon variant="subtle" color="gray" size={32} aria-label="Theme">
            <Icon name={resolved === "dark" ? "moon" : "sun"} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {themeChoices.map(({ value, label, icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon name={icon} />}
            rightSection={choice === value ? <Icon name="check" size={14} /> : undefined}
            onClick={() => choose(value)}
          >
            {label}
            {choice === value && <span className="visually-hidden"> (chosen)</span>}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
