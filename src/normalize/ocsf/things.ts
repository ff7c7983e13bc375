// What people make, change, share and remove: Entity Management, Web Resources Activity, File Hosting Activity.
import { textAt } from "../lookup.ts";
import { thingOf } from "../thing.ts";
import type { Told } from "../told.ts";
import type { Body, Version } from "./classes.ts";
import { actorOf, aiOf, endpointOf, present, requestOf } from "./parts.ts";

/** Made, changed or removed. */
export function managed(told: Told, version: Version, activity: 1 | 3 | 4): Body {
  const { type, id, name } = thingOf(told.view, told.facts);
  return entity(told, version, activity, { type, uid: id, name: name ?? (id === undefined ? type : undefined) });
}

export function settingChanged(told: Told, version: Version): Body {
  const { principalId } = told.facts;
  return entity(told, version, 3, { type: "Workspace settings", uid: principalId, name: "workspace_settings" });
}

function entity(told: Told, version: Version, activity: number, what: Readonly<Record<string, unknown>>): Body {
  const named = present({ ...what, type_id: 99 })!;
  const newName = version === "1.9.0" ? textAt(told.view.data, "action_data", "new_name") : undefined;
  return {
    of: "entity",
    activity,
    attributes: {
      actor: actorOf(told, version),
      src_endpoint: endpointOf(told),
      http_request: requestOf(told.facts),
      entity: named,
      updated_entity: newName === undefined ? undefined : { ...named, name: newName },
    },
  };
}

/** Undefined where upstream does not say what was shared. */
export function shared(told: Told, version: Version): Body | undefined {
  const { type, id, name } = thingOf(told.view, told.facts);
  if ((id ?? name) === undefined) return undefined;
  return {
    of: "web",
    activity: 8,
    // Of this class the actor is part of the profile `host`.
    profiles: ["host"],
    attributes: {
      actor: actorOf(told, version),
      src_endpoint: endpointOf(told),
      http_request: requestOf(told.facts),
      web_resources: [present({ type, uid: id, name })],
    },
  };
}

/** The first file; further ones stay with the rest. Undefined where upstream does not name it. */
export function fileMoved(told: Told, version: Version, activity: 1 | 2 | 4): Body | undefined {
  const [file] = told.facts.files;
  if (file?.name === undefined) return undefined;
  const ai = version === "1.9.0" && told.kind === "file-upload" ? aiOf(told, "user", version) : undefined;
  return {
    of: "file",
    activity,
    profiles: ai ? ["ai_operation"] : undefined,
    attributes: {
      actor: actorOf(told, version),
      src_endpoint: endpointOf(told),
      http_request: requestOf(told.facts),
      file: {
        name: file.name,
        type_id: 1,
        type: "Regular File",
        ...present({ uid: file.id, mime_type: textAt(told.view.data, "action_data", "mime_type") }),
      },
      ...ai,
    },
  };
}
