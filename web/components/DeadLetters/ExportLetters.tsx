import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { Destination } from "../../api-types.ts";
import { destinationsApi, type LetterState } from "../../destinations-api.ts";
import { whyOf } from "../../hooks/useDestinations.ts";
import { Icon } from "../Icon/Icon.tsx";
import { useToast } from "../Toast/Toast.tsx";
import { exportName } from "./words.ts";

interface Props {
  readonly destination: Destination;
  readonly state: LetterState | undefined;
  readonly disabled: boolean;
}

/** All dead letters in this state as a file of JSON: reasons and answers, not the events. */
export function ExportLetters({ destination, state, disabled }: Props) {
  const toast = useToast();
  const load = useMutation({
    mutationFn: () => destinationsApi.allLetters(destination.id, state),
    onSuccess: (letters) => save(exportName(destination.name), `${JSON.stringify(letters, undefined, 2)}\n`),
    onError: (error) => toast({ tone: "bad", title: "The dead letters could not be exported", text: whyOf(error) }),
  });
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<Icon name="download" size={14} />}
      disabled={disabled}
      loading={load.isPending}
      onClick={() => load.mutate()}
    >
      Export JSON
    </Button>
  );
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the address by then; the text is let go.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
