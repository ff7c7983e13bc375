import type { ChainHead } from "../../store/sqlite/chain-check.ts";
import { countsCheck, gapsCheck } from "./count-checks.ts";
import { objectsCheck, referencesCheck, schemaCheck, structureCheck, uniquenessCheck } from "./database-checks.ts";
import { deliveriesCheck } from "./delivery-checks.ts";
import { bytesCheck, chainCheck, erasuresCheck, reportsCheck } from "./event-checks.ts";
import type { Check } from "./examine.ts";
import { permissionsCheck, roomCheck } from "./folder-checks.ts";
import { claimsCheck, cursorsCheck, filesCheck, hashesCheck } from "./ledger-checks.ts";
import { searchCheck } from "./search-checks.ts";
import { accessCheck, secretsCheck } from "./secret-checks.ts";

/** What the checks are told beside the data folder. */
export interface CheckOptions {
  /** The key of the secrets where the environment gives it. */
  readonly secretKey: string | undefined;
  /** Heads of the log chain that were noted earlier. */
  readonly expectedHeads: readonly ChainHead[];
}

/** Every check: those that the others stand on, then in the order of the invariants. */
export const checksOf = ({ secretKey, expectedHeads }: CheckOptions): readonly Check[] => [
  schemaCheck,
  structureCheck,
  objectsCheck,
  referencesCheck,
  filesCheck,
  uniquenessCheck,
  hashesCheck,
  cursorsCheck,
  claimsCheck,
  deliveriesCheck,
  countsCheck,
  gapsCheck,
  roomCheck,
  bytesCheck,
  chainCheck(expectedHeads),
  reportsCheck,
  secretsCheck(secretKey),
  permissionsCheck,
  accessCheck,
  erasuresCheck,
  searchCheck,
];

/** Checks that end the examination where they fail: what follows would only mislead. */
export const STOPS: readonly string[] = ["schema", "structure"];

/** An invariant that a look at a store cannot tell, and what proves it. */
export interface ProvedElsewhere {
  readonly invariant: string;
  readonly title: string;
  readonly by: string;
}

export const provedElsewhere: readonly ProvedElsewhere[] = [
  { invariant: "I7", title: "What counts as delivered is at the destination", by: "npm test" },
  { invariant: "I8", title: "A commit of an engine that was replaced changes nothing", by: "npm test, npm run sim" },
  { invariant: "I10", title: "When what disturbs it ends, collection catches up", by: "cistern status, npm run sim" },
  { invariant: "I16", title: "An event under legal hold is never removed", by: "this version has no legal hold" },
  { invariant: "I18", title: "The same input gives the same store", by: "npm test, npm run sim" },
];
