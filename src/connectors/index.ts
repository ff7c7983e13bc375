// The registry: one line per connector.
import { chatgptEnterprise } from "./chatgpt-enterprise/connector.ts";

export const connectors = [chatgptEnterprise] as const;

/** The connector of that name; undefined where there is none. */
export const connectorNamed = (name: string) => connectors.find((one) => one.name === name);
