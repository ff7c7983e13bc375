import { addressOf, placeOf } from "../client.ts";
import { textAt } from "../lookup.ts";
import { groupOf } from "../thing.ts";
import type { Told } from "../told.ts";
import { distinct, type Fields, oneOrMany } from "./fields.ts";

/** Who did it, from where, and to whom. */
export const peopleFields = (told: Told): Fields => ({
  ...actorFields(told),
  ...targetFields(told),
  ...clientFields(told),
  ...relatedFields(told),
});

function actorFields({ facts }: Told): Fields {
  const { userId, email, name, id } = facts.actor;
  const isPerson = userId !== undefined || email !== undefined;
  return {
    "user.id": userId ?? (isPerson ? undefined : id),
    "user.email": email,
    "user.name": email ?? (isPerson ? undefined : id),
    "user.full_name": isPerson && facts.actor.type !== "AGENT" ? name : undefined,
    "user.domain": email === undefined ? undefined : domainOf(email),
    "organization.id": facts.principalId,
  };
}

const domainOf = (email: string) =>
  (email.includes("@") ? email.slice(email.lastIndexOf("@") + 1) : undefined) || undefined;

// Several at once are lists: the schema has one field for each fact about the user that is affected.
function targetFields({ facts, view }: Told): Fields {
  const { targetUserIds, targetEmails } = facts;
  const role = textAt(view.data, "action_data", "new_role") ?? textAt(view.data, "action_data", "role");
  const group = groupOf(view);
  return {
    "user.target.id": oneOrMany(targetUserIds),
    "user.target.email": oneOrMany(targetEmails),
    "user.target.domain": oneOrMany(distinct(targetEmails.map(domainOf))),
    "user.target.roles": role === undefined ? undefined : [role],
    "group.id": group.id,
    "group.name": group.id === undefined ? undefined : group.name,
  };
}

function clientFields({ view, facts }: Told): Fields {
  const { client } = facts;
  const place = placeOf(view, facts);
  return {
    "source.address": client.ip,
    "source.ip": addressOf(client),
    "source.geo.country_iso_code": place.countryCode,
    "source.geo.country_name": place.country,
    "source.geo.region_iso_code": place.regionCode,
    "source.geo.region_name": place.region,
    "source.geo.city_name": place.city,
    "source.geo.location": place.at,
    "user_agent.original": client.userAgent,
    "tls.client.ja3": client.ja3,
  };
}

function relatedFields({ facts }: Told): Fields {
  const { actor, client, targetUserIds, targetEmails } = facts;
  const ip = addressOf(client);
  return {
    "related.user": distinct([actor.userId, actor.email, actor.id, ...targetUserIds, ...targetEmails]),
    "related.ip": ip === undefined ? undefined : [ip],
  };
}
