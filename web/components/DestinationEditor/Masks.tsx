import { Switch } from "@mantine/core";
import { errorAt } from "../../form/destination-form.ts";
import type { EditorProps } from "./DestinationEditor.tsx";
import { Words } from "./Words.tsx";

/** What of an event does not leave, or leaves under another name. */
export function Masks({ editing: { form, change, errors } }: Pick<EditorProps, "editing">) {
  return (
    <>
      <Switch
        label="Metadata only"
        description="No content, whatever field it stands in: messages, titles, file names, arguments, results."
        checked={form.metadataOnly}
        onChange={(event) => change({ ...form, metadataOnly: event.currentTarget.checked })}
      />
      <Switch
        label="Pseudonyms"
        description="People's names, addresses and ids become keyed pseudonyms, the same for the same person at this destination and at no other."
        checked={form.pseudonyms}
        onChange={(event) => change({ ...form, pseudonyms: event.currentTarget.checked })}
      />
      <Words
        label="Leave out"
        description="Fields by their path; * stands for any name or place"
        placeholder="actor.ip_address"
        value={form.drop}
        error={errorAt(errors, "masking.drop")}
        onChange={(drop) => change({ ...form, drop })}
      />
      <Words
        label="Mask"
        description="Fields whose value becomes ***"
        placeholder="message.content.*"
        value={form.mask}
        error={errorAt(errors, "masking.mask")}
        onChange={(mask) => change({ ...form, mask })}
      />
      <p className="quiet">
        The filter looks at the event before it is masked. An event that cannot be read as JSON cannot be masked: it
        becomes a dead letter and is not sent.
      </p>
    </>
  );
}
