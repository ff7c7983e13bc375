import { Radio } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api.ts";
import type { CollectorRow } from "../../api-types.ts";
import { collectorsKey } from "../../hooks/useCollectors.ts";
import { ConfirmDialog } from "../ConfirmDialog/ConfirmDialog.tsx";
import { useToast } from "../Toast/Toast.tsx";

interface Props {
  readonly collector: CollectorRow;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Deletes a collector; what happens to its events is chosen here. */
export function DeleteCollector({ collector, opened, onClose }: Props) {
  const [events, setEvents] = useState<"keep" | "remove">("keep");
  const client = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const remove = useMutation({
    mutationFn: () => api.remove(collector.id, events),
    onSuccess: async () => {
      onClose();
      toast({
        tone: "good",
        title: `Deleted ${collector.name}`,
        text: events === "keep" ? "Its events are kept." : "Its events are removed.",
      });
      await navigate({ to: "/collectors" });
      await client.invalidateQueries({ queryKey: collectorsKey });
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      title={`Delete ${collector.name}?`}
      verb={events === "keep" ? "Delete collector" : "Delete collector and events"}
      destructive
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>
        Collection stops at once. Settings, the stored token and the record of what was collected are deleted; this
        cannot be taken back.
      </p>
      <Radio.Group
        label="Events collected so far"
        value={events}
        onChange={(value) => setEvents(value === "remove" ? "remove" : "keep")}
      >
        <div className="stack choices">
          <Radio value="keep" label="Keep them" description="They stay searchable under the collector's name." />
          <Radio value="remove" label="Remove them" description="They are deleted from the store for good." />
        </div>
      </Radio.Group>
    </ConfirmDialog>
  );
}
