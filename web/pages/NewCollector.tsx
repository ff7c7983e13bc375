import { Button, Skeleton } from "@mantine/core";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { CollectorSaved, Connector, Draft } from "../api-types.ts";
import { CheckSteps } from "../components/CheckSteps/CheckSteps.tsx";
import { CollectorFields } from "../components/CollectorForm/CollectorForm.tsx";
import { ErrorNotice, Notice, sentence } from "../components/ErrorNotice/ErrorNotice.tsx";
import { useTitle } from "../components/PageHeader/PageHeader.tsx";
import { SidePanel } from "../components/SidePanel/SidePanel.tsx";
import { useToast } from "../components/Toast/Toast.tsx";
import { VendorMark } from "../components/VendorMark/VendorMark.tsx";
import { useConnector } from "../hooks/useConnectors.ts";
import { useDraft } from "../hooks/useDraft.ts";
import { useNewCollector } from "../hooks/useNewCollector.ts";
import { useScrollTo } from "../hooks/useScrollTo.ts";
import styles from "./NewCollector.module.css";

/** The New Collector panel over the catalogue. What is typed is kept as a draft, also when the panel is closed. */
export function NewCollector() {
  const { connector: name } = useParams({ from: "/collectors/new/$connector" });
  const { draft: draftId } = useSearch({ from: "/collectors/new/$connector" });
  const navigate = useNavigate();
  const { connector, missing, error } = useConnector(name);
  const draft = useDraft(draftId);
  const close = () => void navigate({ to: "/collectors/new" });
  const problem = error ?? draft.error ?? (missing ? new Error(`The catalogue has no connector ${name}`) : null);
  if (problem || !connector || (draftId !== undefined && !draft.data)) {
    return (
      <SidePanel title="New collector" onClose={close} foot={<Button onClick={close}>Back to the catalogue</Button>}>
        {problem ? (
          <ErrorNotice
            error={problem}
            what="The panel could not be opened"
            retry={draft.error ? () => void draft.refetch() : undefined}
          />
        ) : (
          [0, 1, 2, 3].map((each) => <Skeleton key={each} height={54} radius={6} />)
        )}
      </SidePanel>
    );
  }
  return <Panel connector={connector} draft={draft.data} close={close} />;
}

interface PanelProps {
  readonly connector: Connector;
  readonly draft: Draft | undefined;
  readonly close: () => void;
}

function Panel({ connector, draft, close }: PanelProps) {
  useTitle(`New ${connector.title} collector`);
  const { onInstalled, onDraft, kept } = usePanelPlaces(connector);
  const panel = useNewCollector({ connector, draft, onDraft, onInstalled });
  const end = useScrollTo(`${panel.test.state} ${panel.test.steps.length} ${panel.installError?.message ?? ""}`);
  const running = panel.test.state === "running";
  const leave = () => {
    void panel.saver.flush().then((id) => id !== undefined && kept(id, panel.form.name));
    close();
  };
  return (
    <SidePanel
      title={<PanelTitle connector={connector} />}
      onClose={leave}
      foot={
        <>
          <Button variant="default" onClick={running ? panel.stopTest : () => void panel.runTest()}>
            {running ? "Cancel test" : "Test connection"}
          </Button>
          <Button onClick={() => panel.install(panel.sameTarget)} loading={panel.installing}>
            {panel.sameTarget ? "Install all the same" : "Install"}
          </Button>
          <SaveState error={panel.saver.error} savedAt={panel.saver.savedAt} />
        </>
      }
    >
      {connector.hasGuide && <GuideHint connector={connector} draft={draft} />}
      <CollectorFields
        connector={connector}
        form={panel.form}
        onChange={panel.change}
        errors={panel.errors}
        stored={panel.stored}
        onSecretEntered={panel.keepSecret}
      />
      <CheckSteps test={panel.test} />
      {panel.installError && <InstallProblem error={panel.installError} sameTarget={panel.sameTarget} />}
      <div ref={end} />
    </SidePanel>
  );
}

/** Where the panel leads: its draft's address, the new collector, and back to a draft that was closed. */
function usePanelPlaces(connector: Connector) {
  const navigate = useNavigate();
  const toast = useToast();
  const here = { to: "/collectors/new/$connector", params: { connector: connector.name } } as const;
  return {
    onDraft: (draft: Draft) => {
      const open = location.pathname.endsWith(`/collectors/new/${connector.name}`);
      if (open) void navigate({ ...here, search: { draft: draft.id }, replace: true });
    },
    onInstalled: ({ collector, warnings }: CollectorSaved) => {
      toast({
        tone: "good",
        title: `Collector ${collector.name} is installed`,
        text: ["It starts at once.", ...warnings.map(sentence)].join(" "),
        action: (
          <Link to="/collectors/$id" params={{ id: collector.id }}>
            Open {collector.name}
          </Link>
        ),
      });
      void navigate({ to: "/collectors/$id", params: { id: collector.id } });
    },
    kept: (draft: string, name: string) =>
      toast({
        tone: "info",
        title: `Kept as a draft${name.trim() === "" ? "" : `: ${name.trim()}`}`,
        action: (
          <Link {...here} search={{ draft }}>
            Go on with it
          </Link>
        ),
      }),
  };
}

function PanelTitle({ connector }: { readonly connector: Connector }) {
  return (
    <>
      <VendorMark vendor={connector.vendor} size={40} />
      <span>
        <span className={styles.kind}>New collector</span>
        {connector.title}
      </span>
    </>
  );
}

function GuideHint({ connector, draft }: { readonly connector: Connector; readonly draft: Draft | undefined }) {
  const search = draft ? { draft: draft.id } : {};
  return (
    <Notice
      tone="info"
      title="No key yet?"
      action={
        <Button
          size="xs"
          variant="default"
          renderRoot={(props) => (
            <Link
              to="/collectors/new/$connector/prepare"
              params={{ connector: connector.name }}
              search={search}
              {...props}
            />
          )}
        >
          Prepare access
        </Button>
      }
    >
      The guide leads through ids, key and approval, and fills in this form.
    </Notice>
  );
}

function SaveState({ error, savedAt }: { readonly error: Error | undefined; readonly savedAt: number | undefined }) {
  if (error) return <span className={styles.unsaved}>The draft could not be saved: {error.message}</span>;
  return <span className={styles.saved}>{savedAt === undefined ? "" : "Draft saved"}</span>;
}

function InstallProblem({ error, sameTarget }: { readonly error: Error; readonly sameTarget: boolean }) {
  if (!sameTarget) return <ErrorNotice error={error} what="The collector was not installed" />;
  return (
    <Notice tone="warn" title="Another collector already collects this" live>
      {sentence(error.message)} Both would ask for the same files, share the rate limit and store every event twice.
    </Notice>
  );
}
