// The registry: one line per connector.
import type { Connector } from "../model/connector.ts";
import { chatgptEnterprise } from "./chatgpt-enterprise/connector.ts";

export const connectors: readonly Connector[] = [chatgptEnterprise];

/** The connector of that name. */
export const connectorNamed = (name: string): Connector | undefined => connectors.find((one) => one.name === name);
