import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { type Density, useDensity } from "../../hooks/useDensity.ts";
import { type ThemeChoice, useTheme } from "../../hooks/useTheme.ts";
import { Icon, type IconName } from "../Icon/Icon.tsx";

export const themeChoices: readonly {
  readonly value: ThemeChoice;
  readonly label: string;
  readonly icon: "sun" | "moon" | "system";
}[] = [
  { value: "light", label: "Light", icon: "sun" },
  { value: "dark", label: "Dark", icon: "moon" },
  { value: "system", label: "As the system", icon: "system" },
];

const densities: readonly { readonly value: Density; readonly label: string }[] = [
  { value: "comfortable", label: "Comfortable" },
  { value: "compact", label: "Compact" },
];

/** Chooses between light, dark and what the system says, and how close the rows of tables stand. */
export function ThemeSwitch() {
  const { choice, resolved, choose } = useTheme();
  const { density, choose: chooseDensity } = useDensity();
  return (
    <Menu width={180} closeOnItemClick={false}>
      <Menu.Target>
        <Tooltip label="Appearance">
          <ActionIcon variant="subtle" color="gray" size={32} aria-label="Appearance">
            <Icon name={resolved === "dark" ? "moon" : "sun"} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Theme</Menu.Label>
        {themeChoices.map(({ value, label, icon }) => (
          <Choice key={value} icon={icon} label={label} chosen={choice === value} onClick={() => choose(value)} />
        ))}
        <Menu.Divider />
        <Menu.Label>Rows of tables</Menu.Label>
        {densities.map(({ value, label }) => (
          <Choice
            key={value}
            icon={value}
            label={label}
            chosen={density === value}
            onClick={() => chooseDensity(value)}
          />
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface ChoiceProps {
  readonly icon: IconName;
  readonly label: string;
  readonly chosen: boolean;
  readonly onClick: () => void;
}

function Choice({ icon, label, chosen, onClick }: ChoiceProps) {
  return (
    <Menu.Item
      leftSection={<Icon name={icon} />}
      rightSection={chosen ? <Icon name="check" size={14} /> : undefined}
      onClick={onClick}
    >
      {label}
      {chosen && <span className="visually-hidden"> (chosen)</span>}
    </Menu.Item>
  );
}
