import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { ApiError } from "../api.ts";
import type { Destination, DestinationKind } from "../api-types.ts";
import { destinationsApi } from "../destinations-api.ts";
import {
  additionOf,
  changeOf,
  type DestinationForm,
  destinationErrors,
  destinationForm,
  previewOf,
  shapingErrors,
} from "../form/destination-form.ts";
import { type FormErrors, isChanged, serverErrors, settingsOf } from "../form/settings.ts";
import { useConnectionTest } from "./useConnectionTest.ts";
import { destinationsKey } from "./useDestinations.ts";

interface Options {
  readonly kind: DestinationKind;
  /** Absent: a new one. */
  readonly destination: Destination | undefined;
  readonly onSaved: (saved: Destination) => void;
}

/** The form of a destination: filled in, tested, tried on stored events, saved. Nothing is stored before that. */
export function useDestinationEditor({ kind, destination, onSaved }: Options) {
  const client = useQueryClient();
  const [before] = useState(() => destinationForm(kind, destination));
  const [form, setForm] = useState(before);
  const saved = useRef(false);
  const [checked, setChecked] = useState<"nothing" | "shaping" | "all">("nothing");
  const { test, run, stop, fields } = useConnectionTest("/destinations/check");
  const save = useMutation({
    mutationFn: () =>
      destination
        ? destinationsApi.change(destination.id, changeOf(kind, form))
        : destinationsApi.add(additionOf(kind, form)),
    onSuccess: async (answer) => {
      saved.current = true;
      await client.invalidateQueries({ queryKey: destinationsKey });
      onSaved(answer);
    },
  });
  const preview = useMutation({ mutationFn: destinationsApi.preview });
  const stored = (destination?.secrets ?? []).map(({ name }) => name);
  const local = destinationErrors(kind, form, stored);
  const errors: FormErrors = {
    ...serverErrors(fields),
    ...fieldsOf(preview.error),
    ...fieldsOf(save.error),
    ...(checked === "shaping" && shapingErrors(form)),
    ...(checked === "all" && local),
  };
  return {
    form,
    errors,
    test,
    stopTest: stop,
    save,
    preview,
    /** What is shown was made of other settings than those that now stand in the form. */
    stale: preview.variables !== undefined && isChanged(preview.variables, previewOf(form, destination?.id)),
    changed: isChanged(form, before),
    /** Asked at the moment of leaving: what was saved is not lost. */
    wouldLose: () => !saved.current && isChanged(form, before),
    /** Something stands in the way of test and save, and is marked at its field. */
    blocked: checked === "all" && Object.keys(local).length > 0,
    change: (next: DestinationForm) => {
      setForm(next);
      if (save.error) save.reset();
    },
    runTest: () => {
      setChecked("all");
      const { format } = form;
      const settings = settingsOf(kind.settings, form);
      const known = destination && { destinationId: destination.id };
      // A name is nothing that the other side could say anything of.
      if (Object.keys(local).every((name) => name === "name"))
        void run({ kind: kind.name, settings, format, ...known });
    },
    runPreview: () => {
      if (checked === "nothing") setChecked("shaping");
      if (Object.keys(shapingErrors(form)).length === 0) preview.mutate(previewOf(form, destination?.id));
    },
    submit: () => {
      setChecked("all");
      if (Object.keys(local).length === 0) save.mutate();
    },
  };
}

export type DestinationEditing = ReturnType<typeof useDestinationEditor>;

const fieldsOf = (error: Error | null): FormErrors =>
  serverErrors(error instanceof ApiError ? error.problem.fields : undefined);
