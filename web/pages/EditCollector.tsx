import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError, api } from "../api.ts";
import type { CollectorDetail, Connector } from "../api-types.ts";
import { CheckSteps } from "../components/CheckSteps/CheckSteps.tsx";
import { CollectorFields } from "../components/CollectorForm/CollectorForm.tsx";
import { ConfirmDialog } from "../components/ConfirmDialog/ConfirmDialog.tsx";
import { ErrorNotice, Notice, sentence } from "../components/ErrorNotice/ErrorNotice.tsx";
import { SidePanel } from "../components/SidePanel/SidePanel.tsx";
import { useToast } from "../components/Toast/Toast.tsx";
import { changeRequest, formFromCollector, settingsFor, validate } from "../form/collector-form.ts";
import { isChanged, serverErrors } from "../form/settings.ts";
import { useCollector } from "../hooks/useCollector.ts";
import { collectorsKey } from "../hooks/useCollectors.ts";
import { useConnectionTest } from "../hooks/useConnectionTest.ts";
import { useConnector } from "../hooks/useConnectors.ts";
import { useScrollTo } from "../hooks/useScrollTo.ts";

/** The panel of an installed collector: the same form, filled in. */
export function EditCollector() {
  const { id } = useParams({ from: "/collectors/$id/edit" });
  const navigate = useNavigate();
  const collector = useCollector(id).data;
  const { connector } = useConnector(collector?.connector ?? "");
  const close = () => void navigate({ to: "/collectors/$id", params: { id }, search: true });
  if (!collector || !connector) return null;
  return <Panel collector={collector} connector={connector} close={close} />;
}

interface Props {
  readonly collector: CollectorDetail;
  readonly connector: Connector;
  readonly close: () => void;
}

/** The form of a collector while it is changed; not renewed by what arrives from the server meanwhile. */
function useEditing({ collector, connector, close }: Props) {
  const client = useQueryClient();
  const toast = useToast();
  const [before] = useState(() => formFromCollector(connector, collector));
  const [form, setForm] = useState(before);
  const [checked, setChecked] = useState(false);
  const { test, run, stop, fields } = useConnectionTest();
  const save = useMutation({
    mutationFn: (acceptWarnings: boolean) =>
      api.change(collector.id, { ...changeRequest(connector, form), ...(acceptWarnings && { acceptWarnings }) }),
    onSuccess: ({ warnings }) => {
      toast({
        tone: warnings.length === 0 ? "good" : "info",
        title: `Saved ${form.name}`,
        text: warnings.map(sentence).join(" "),
      });
      close();
    },
    onSettled: () => client.invalidateQueries({ queryKey: collectorsKey }),
  });
  const local = validate(
    connector,
    form,
    collector.secrets.map(({ name }) => name),
  );
  const refused = save.error instanceof ApiError ? save.error : undefined;
  const ready = () => {
    setChecked(true);
    return Object.keys(local).length === 0;
  };
  return {
    form,
    setForm,
    test,
    stop,
    save,
    changed: isChanged(form, before),
    sameTarget: refused?.code === "same_target",
    errors: { ...serverErrors(fields), ...serverErrors(refused?.problem.fields), ...(checked && local) },
    submit: () => ready() && save.mutate(refused?.code === "same_target"),
    runTest: () => {
      const { dataSources } = form;
      if (ready())
        void run({
          connector: connector.name,
          settings: settingsFor(connector, form),
          dataSources,
          collectorId: collector.id,
        });
    },
  };
}

function Panel(props: Props) {
  const { collector, connector, close } = props;
  const editing = useEditing(props);
  const [leaving, setLeaving] = useState(false);
  const { test, save } = editing;
  const end = useScrollTo(`${test.state} ${test.steps.length} ${save.error?.message ?? ""}`);
  const running = test.state === "running";
  return (
    <SidePanel
      title={`Edit ${collector.name}`}
      closeOnEscape={!leaving}
      onClose={() => (editing.changed ? setLeaving(true) : close())}
      foot={
        <>
          <Button variant="default" onClick={running ? editing.stop : editing.runTest}>
            {running ? "Cancel test" : "Test connection"}
          </Button>
          <Button onClick={editing.submit} loading={save.isPending} disabled={!editing.changed}>
            {editing.sameTarget ? "Save all the same" : "Save"}
          </Button>
        </>
      }
    >
      <CollectorFields
        connector={connector}
        form={editing.form}
        onChange={editing.setForm}
        errors={editing.errors}
        stored={collector.secrets}
        installed={collector.settings}
      />
      <CheckSteps test={test} />
      {save.error &&
        (editing.sameTarget ? (
          <Notice tone="warn" title="Another collector already collects this" live>
            {sentence(save.error.message)}
          </Notice>
        ) : (
          <ErrorNotice error={save.error} what="The changes were not saved" />
        ))}
      <div ref={end} />
      {leaving && (
        <ConfirmDialog
          opened
          title={`Leave ${collector.name} unchanged?`}
          verb="Discard changes"
          onConfirm={close}
          onClose={() => setLeaving(false)}
        >
          <p>What you changed in this panel is not saved yet.</p>
        </ConfirmDialog>
      )}
    </SidePanel>
  );
}
