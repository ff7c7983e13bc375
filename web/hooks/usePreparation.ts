import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.ts";
import type { Connector, Draft, GuideField, SecretInfo } from "../api-types.ts";
import { formFromDraft, settingsFor } from "../form/collector-form.ts";
import { changedValues } from "../form/guide.ts";
import { useConnectionTest } from "./useConnectionTest.ts";
import { useDraftSaver } from "./useDraft.ts";

interface Options {
  readonly connector: Connector;
  readonly draft: Draft | undefined;
  readonly onDraft: (draft: Draft) => void;
}

const noSecrets: readonly SecretInfo[] = [];

/** The prerequisites of a connector: values saved as they are entered, judged by the server, tested on demand. */
export function usePreparation({ connector, draft, onDraft }: Options) {
  const [values, setValues] = useState<Readonly<Record<string, unknown>>>(draft?.values ?? {});
  const saver = useDraftSaver({ connector: connector.name, draftId: draft?.id, onCreated: onDraft });
  const secrets = draft?.secrets ?? noSecrets;
  const evaluation = useQuery({
    queryKey: ["evaluation", draft?.id, draft?.updatedAt],
    queryFn: ({ signal }) => api.evaluation(draft?.id ?? "", signal),
    enabled: draft !== undefined,
    placeholderData: keepPreviousData,
  });
  const { test, run, stop } = useConnectionTest();
  const set = (changes: Record<string, unknown>) => {
    setValues((before) => ({ ...before, ...changes }));
    saver.save({ values: changes }, 400);
  };
  return {
    values,
    secrets,
    saver,
    findings: evaluation.data?.findings ?? [],
    mail: evaluation.data?.mail,
    evaluationError: evaluation.error,
    test,
    stopTest: stop,
    change: (field: GuideField, value: string) => set(changedValues(field, value, values)),
    set,
    keepSecret: (name: string, value: string) => saver.save({ secrets: { [name]: value } }, 0),
    runTest: async () => {
      const draftId = await saver.flush();
      if (draftId === undefined) return;
      const form = formFromDraft(connector, await api.draft(draftId));
      await run({
        connector: connector.name,
        settings: settingsFor(connector, form),
        dataSources: form.dataSources,
        draftId,
      });
    },
  };
}

export type Preparation = ReturnType<typeof usePreparation>;
