import type { Kind } from "../kind.ts";
import type { Told } from "../told.ts";
import {
  agentRan,
  answered,
  conversationDeleted,
  didSomething,
  modelUsed,
  prompted,
  toolUsed,
  wasRead,
} from "./api.ts";
import type { Body, Version } from "./classes.ts";
import { groupManaged, signedIn, userChanged } from "./identity.ts";
import { actorOf } from "./parts.ts";
import { fileMoved, managed, settingChanged, shared } from "./things.ts";

type Mapping = (told: Told, version: Version) => Body | undefined;

const mappings: Readonly<Record<Kind, Mapping>> = {
  prompt: prompted,
  answer: answered,
  "tool-call": toolUsed,
  "tool-answer": toolUsed,
  "agent-run": agentRan,
  usage: modelUsed,
  cost: asIs,
  "file-upload": (told, version) => fileMoved(told, version, 1),
  "file-download": (told, version) => fileMoved(told, version, 2),
  "file-deletion": (told, version) => fileMoved(told, version, 4),
  share: shared,
  creation: (told, version) => managed(told, version, 1),
  change: (told, version) => managed(told, version, 3),
  deletion: (told, version) => managed(told, version, 4),
  setting: settingChanged,
  read: wasRead,
  "conversation-deletion": conversationDeleted,
  login: (told, version) => signedIn(told, version, 1),
  logout: (told, version) => signedIn(told, version, 2),
  "sign-in-step": (told, version) => signedIn(told, version, 99),
  password: (told, version) => userChanged(told, version, "password"),
  "user-added": (told, version) => userChanged(told, version, "added"),
  "user-removed": (told, version) => userChanged(told, version, "removed"),
  role: (told, version) => userChanged(told, version, "role"),
  "group-created": (told, version) => groupManaged(told, version, 6),
  "group-changed": (told, version) => groupManaged(told, version, 9),
  "group-deleted": (told, version) => groupManaged(told, version, 5),
  "member-added": (told, version) => groupManaged(told, version, 3),
  "member-removed": (told, version) => groupManaged(told, version, 4),
  other: didSomething,
  unknown: asIs,
};

/** Where a class asks for what upstream does not tell, the event is API Activity, which asks for nothing that is not always known. */
export const bodyOf = (told: Told, version: Version): Body =>
  mappings[told.kind](told, version) ?? didSomething(told, version);

// A type that nobody knows, and costs, which no class is for. The actor is part of the profile `host` here.
function asIs(told: Told, version: Version): Body {
  return {
    of: "base",
    activity: 99,
    activityName: told.facts.action ?? told.view.stored.type,
    profiles: ["host"],
    attributes: { actor: actorOf(told, version) },
  };
}
