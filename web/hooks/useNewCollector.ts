import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, api } from "../api.ts";
import type { CollectorSaved, Connector, Draft, SecretInfo } from "../api-types.ts";
import {
  type CollectorForm,
  draftSecrets,
  draftValues,
  emptyForm,
  formFromDraft,
  installRequest,
  settingsFor,
  validate,
} from "../form/collector-form.ts";
import { type FormErrors, serverErrors } from "../form/settings.ts";
import { collectorsKey } from "./useCollectors.ts";
import { useConnectionTest } from "./useConnectionTest.ts";
import { useDraftSaver } from "./useDraft.ts";

interface Options {
  readonly connector: Connector;
  readonly draft: Draft | undefined;
  readonly onDraft: (draft: Draft) => void;
  readonly onInstalled: (saved: CollectorSaved) => void;
}

/** The New Collector form: kept as a draft while it is filled in, tested and installed. */
export function useNewCollector({ connector, draft, onDraft, onInstalled }: Options) {
  const client = useQueryClient();
  const [form, setForm] = useState(() => (draft ? formFromDraft(connector, draft) : emptyForm(connector)));
  const [stored, setStored] = useState<readonly SecretInfo[]>(draft ? draftSecrets(connector, draft) : []);
  const [checked, setChecked] = useState(false);
  const saver = useDraftSaver({
    connector: connector.name,
    draftId: draft?.id,
    onCreated: (created) => {
      setStored(draftSecrets(connector, created));
      onDraft(created);
    },
  });
  const { test, run, stop, clear, fields } = useConnectionTest();
  const install = useMutation({
    mutationFn: async (acceptWarnings: boolean) => {
      const draftId = await saver.flush();
      return api.install({ ...installRequest(connector, form, draftId), ...(acceptWarnings && { acceptWarnings }) });
    },
    onSuccess: (saved) => {
      saver.abandon();
      void client.invalidateQueries({ queryKey: collectorsKey });
      onInstalled(saved);
    },
  });
  const local = validate(
    connector,
    form,
    stored.map(({ name }) => name),
  );
  const refused = install.error instanceof ApiError ? install.error : undefined;
  const errors: FormErrors = {
    ...serverErrors(fields),
    ...serverErrors(refused?.problem.fields),
    ...(checked && local),
  };

  const change = (next: CollectorForm) => {
    setForm(next);
    if (install.error) install.reset();
    saver.save({ values: draftValues(next) });
  };
  const ready = () => {
    setChecked(true);
    return Object.keys(local).length === 0;
  };
  return {
    form,
    change,
    errors,
    stored,
    saver,
    test,
    stopTest: stop,
    clearTest: clear,
    keepSecret: (name: string, value: string) => saver.save({ secrets: { [name]: value } }, 0),
    runTest: async () => {
      if (!ready()) return;
      const draftId = await saver.flush();
      await run({
        connector: connector.name,
        settings: settingsFor(connector, form),
        dataSources: form.dataSources,
        ...(draftId !== undefined && { draftId }),
      });
    },
    install: (acceptWarnings = false) => {
      if (ready()) install.mutate(acceptWarnings);
    },
    installing: install.isPending,
    installError: install.error,
    sameTarget: refused?.code === "same_target",
  };
}
