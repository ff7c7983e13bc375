import type { Access, Identity, SecretKeyControl, ServerPolicy } from "../model/access.ts";
import type { AlertSender, AlertStore } from "../model/alerts.ts";
import type { Connector } from "../model/connector.ts";
import type { Control } from "../model/control.ts";
import type { DeliveryReader, DeliveryStore } from "../model/delivery.ts";
import type { DeliveryControl, DestinationTester } from "../model/delivery-plan.ts";
import type { Destination } from "../model/destination.ts";
import type { DestinationControl, DestinationKinds } from "../model/destinations.ts";
import type { ConnectionTester, EngineControl } from "../model/engine.ts";
import type { StoredEvent } from "../model/event.ts";
import type { Logger } from "../model/log.ts";
import type { Format, FormatName, Shape } from "../model/outgoing.ts";
import type { CompletenessReports } from "../model/report.ts";
import type { SearchIndex } from "../model/search.ts";
import type { EventFilter, Masking } from "../model/shaping.ts";
import type { Store, StoreReader } from "../model/store.ts";

/** The pages of docs/, to be read inside the console. */
export interface DocsReader {
  /** Paths have no ending: `errors`, `connectors/chatgpt-enterprise`. */
  list(): readonly { readonly path: string; readonly title: string }[];
  read(path: string): { readonly title: string; readonly markdown: string } | undefined;
  /** A picture by its path below docs/, with ending: `images/events-light.png`. Undefined for whatever else the path names. */
  picture(path: string): { readonly bytes: Uint8Array; readonly type: string } | undefined;
}

/** The built console: its files, whole. */
export interface ConsoleFiles {
  /** With the place `__CSP_NONCE__` where the nonce goes. */
  readonly indexHtml: string;
  /** By path, such as `/assets/main-1a2b.js`; undefined where there is no such file. */
  file(path: string): { readonly bytes: Uint8Array; readonly type: string; readonly immutable: boolean } | undefined;
}

/** What people read of an event in a list. Plain text. */
export interface EventDescription {
  /** One line, at most 300 characters. */
  readonly summary: string;
  readonly user?: string | undefined;
  readonly conversation?: string | undefined;
}

/** Everything the API stands on. It sees the other rooms through contracts only. */
export interface ApiDeps {
  readonly control: Control & {
    /** The changes of `work` are one transaction: all of them, or none. */
    together<T>(work: () => T): T;
  };
  readonly access: Access;
  readonly secretKey: SecretKeyControl;
  readonly reader: StoreReader;
  /** What people may do to the ledger. */
  readonly store: Pick<Store, "acknowledge" | "retryFile" | "removeCollector" | "requestRewind" | "cancelRewind">;
  readonly reports: CompletenessReports;
  readonly search: SearchIndex;
  readonly engine: EngineControl;
  readonly tester: ConnectionTester;
  readonly destinations: DestinationControl;
  readonly destinationKinds: readonly Destination[];
  readonly destinationTester: DestinationTester;
  /** Reads stored settings by their kind's schema. */
  readonly parseDestination: DestinationKinds["parse"];
  readonly formats: readonly Pick<Format, "name" | "title" | "description">[];
  /** What a destination would get of an event. */
  shaperOf(wanted: {
    readonly format: FormatName;
    readonly filter: EventFilter | undefined;
    readonly masking: Masking | undefined;
    /** Pseudonyms are made with its key; undefined: with one of their own. */
    readonly destinationId: string | undefined;
  }): Shape;
  readonly deliveries: DeliveryControl;
  readonly deliveryReader: DeliveryReader;
  readonly deliveryStore: Pick<
    DeliveryStore,
    "changeLetters" | "requestReplay" | "cancelReplay" | "removeDestination" | "deliveries"
  >;
  readonly alerts: AlertStore;
  readonly alertSender: AlertSender;
  /** How the last heartbeat went; absent where none is sent. */
  heartbeat?(): { readonly beatAt: string | undefined; readonly error: string | undefined };
  readonly connectors: readonly Connector[];
  readonly docs: DocsReader;
  /** Undefined where no console was built. */
  readonly console: ConsoleFiles | undefined;
  readonly policy: ServerPolicy;
  describe(event: StoredEvent): EventDescription;
  readonly now: () => Date;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly log: Logger;
  readonly version: string;
  readonly startedAt: Date;
  /** Shown as such, so that nobody takes made-up data for real. */
  readonly demo: boolean;
  readonly publicUrl: string | undefined;
  /** Metrics of the process in Prometheus' text format, to stand beside those of the collectors. */
  processMetrics?(): Promise<string>;
}

/** Hono's environment: what the adaptor gives, and what our middleware finds out. */
export interface ApiEnv {
  Bindings: { readonly incoming?: { readonly socket?: PeerSocket } };
  Variables: {
    caller: ReturnType<ServerPolicy["caller"]>;
    identity: Identity | undefined;
    /** The session's secret, where the request came with one that is in force. */
    session: string | undefined;
  };
}

export interface PeerSocket {
  readonly remoteAddress?: string | undefined;
  readonly encrypted?: boolean | undefined;
}
