/** What must be prepared on the vendor's side before a collector can be installed: a resumable wizard. */
export interface Guide {
  readonly title: string;
  /** Who may do this. */
  readonly audience: string;
  readonly steps: readonly GuideStep[];
  /** What the values entered so far mean. Pure; `values` holds no secret, only its last four characters under `<name>_last4`. */
  evaluate(values: Readonly<Record<string, string>>): GuideEvaluation;
}

export interface GuideStep {
  readonly id: string;
  readonly title: string;
  /** Numbered instructions, each one sentence or two; `**bold**` marks names on the vendor's screen. */
  readonly instructions: readonly string[];
  readonly fields: readonly GuideField[];
  /** Advice shown beside the step. */
  readonly notes: readonly GuideNote[];
  /** `mail`: the step shows the drafted message; `wait`: it keeps asked and granted and offers the check. */
  readonly kind: "form" | "mail" | "wait";
  /** The step belongs only to this choice of an earlier field; absent: to every way through the guide. */
  readonly onlyIf?: { readonly field: string; readonly value: string };
}

export interface GuideField {
  readonly name: string;
  readonly label: string;
  readonly kind: "text" | "secret" | "choice";
  readonly help?: string;
  readonly placeholder?: string;
  readonly choices?: readonly { readonly value: string; readonly label: string; readonly help?: string }[];
  /** The name of the setting of the collector's form that this value fills in. */
  readonly fills?: string;
}

export interface GuideNote {
  readonly tone: "info" | "warn";
  readonly title: string;
  readonly text: string;
}

export interface GuideEvaluation {
  readonly findings: readonly GuideFinding[];
  /** The message to send, once enough is known to write it. */
  readonly mail: { readonly to: string; readonly subject: string; readonly body: string } | undefined;
}

export interface GuideFinding {
  readonly step: string;
  readonly field?: string;
  readonly tone: "ok" | "warn" | "error";
  readonly text: string;
  /** True where the wizard must not go on. */
  readonly blocks: boolean;
}
