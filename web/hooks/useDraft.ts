import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "../api.ts";
import type { Draft } from "../api-types.ts";
import { collectorsKey } from "./useCollectors.ts";

const WAIT_MS = 600;

export const draftKey = (id: string | undefined) => ["draft", id] as const;

/** A stored draft; nothing is asked while there is no id. */
export function useDraft(id: string | undefined) {
  return useQuery({
    queryKey: draftKey(id),
    queryFn: ({ signal }) => api.draft(id ?? "", signal),
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

interface Options {
  readonly connector: string;
  readonly draftId: string | undefined;
  /** Told once, when the first save has made the draft. */
  readonly onCreated: (draft: Draft) => void;
}

interface Changes {
  readonly values?: object;
  readonly secrets?: object;
}

/**
 * Keeps what is typed as a draft on the server: values a moment after the last key, secrets when they are handed over.
 * Saves go one after the other, so that the first one alone makes the draft.
 */
export function useDraftSaver({ connector, draftId, onCreated }: Options) {
  const client = useQueryClient();
  const [error, setError] = useState<Error>();
  const [savedAt, setSavedAt] = useState<number>();
  const id = useRef(draftId);
  const pending = useRef<Changes>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const queue = useRef<Promise<void>>(Promise.resolve());
  const created = useRef(onCreated);
  created.current = onCreated;
  id.current = draftId ?? id.current;

  const flush = useCallback((): Promise<string | undefined> => {
    clearTimeout(timer.current);
    const changes = pending.current;
    pending.current = undefined;
    if (changes !== undefined) {
      queue.current = queue.current.then(async () => {
        try {
          const draft =
            id.current === undefined
              ? await api.createDraft({ connector, ...changes })
              : await api.changeDraft(id.current, changes);
          const isNew = id.current === undefined;
          id.current = draft.id;
          client.setQueryData(draftKey(draft.id), draft);
          setError(undefined);
          setSavedAt(Date.now());
          void client.invalidateQueries({ queryKey: collectorsKey });
          if (isNew) created.current(draft);
        } catch (cause) {
          setError(cause instanceof Error ? cause : new Error(String(cause)));
        }
      });
    }
    return queue.current.then(() => id.current);
  }, [client, connector]);

  const save = useCallback(
    (changes: Changes, wait = WAIT_MS) => {
      const before = pending.current;
      pending.current = {
        ...((before?.values || changes.values) && { values: { ...before?.values, ...changes.values } }),
        ...((before?.secrets || changes.secrets) && { secrets: { ...before?.secrets, ...changes.secrets } }),
      };
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void flush(), wait);
    },
    [flush],
  );
  /** Forgets what is not saved yet: the draft has become a collector. */
  const abandon = useCallback(() => {
    clearTimeout(timer.current);
    pending.current = undefined;
  }, []);
  useEffect(() => () => void flush(), [flush]);
  return { save, flush, abandon, error, savedAt };
}
