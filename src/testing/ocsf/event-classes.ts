// Event classes, and the profiles that our events declare.
import { type Definition, define, extended } from "./definition.ts";

export interface EventClass {
  readonly name: string;
  readonly category: number;
  readonly definition: Definition;
  /** Of `activity_id`; 0 and 99 are in every class. */
  readonly activities: readonly number[];
  readonly profiles: readonly string[];
}

const base = define(
  `activity_id:integer! activity_name category_name category_uid:integer! class_name class_uid:integer! count:integer duration:long
   end_time:timestamp enrichments:enrichment[] message~ metadata:metadata! observables:observable[]~ raw_data raw_data_hash:fingerprint
   raw_data_size:long severity severity_id:integer!{0,1,2,3,4,5,6,99} start_time:timestamp status~ status_code~ status_detail~
   status_id:integer~{0,1,2,99} time:timestamp! timezone_offset:integer~ type_name type_uid:integer! unmapped:json`,
);
const baseProfiles = ["cloud", "datetime", "host", "osint", "security_control"];

const identity = extended(
  base,
  define("actor:actor~ http_request:http_request http_response:http_response src_endpoint:network_endpoint~"),
);

interface Facts {
  readonly name: string;
  readonly of: "application" | "iam";
  readonly activities: readonly number[];
  readonly attributes: string;
  readonly atLeastOne?: readonly string[];
  readonly profiles?: readonly string[];
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

const application = (facts: Omit<Facts, "of">): EventClass => eventClass({ ...facts, of: "application" });
const iam = (facts: Omit<Facts, "of">): EventClass => eventClass({ ...facts, of: "iam" });

function eventClass({ name, of, activities, attributes, atLeastOne, profiles = [] }: Facts): EventClass {
  return {
    name,
    category: of === "iam" ? 3 : 6,
    definition: extended(of === "iam" ? identity : base, define(attributes, atLeastOne)),
    activities,
    profiles: [...baseProfiles, ...profiles],
  };
}

const webResources =
  "dst_endpoint:network_endpoint~ http_request:http_request~ http_response:http_response src_endpoint:network_endpoint~ tls:tls";

export const classes18: ReadonlyMap<number, EventClass> = new Map([
  [0, { name: "Base Event", category: 0, definition: base, activities: [], profiles: baseProfiles }],
  [
    3001,
    iam({
      name: "Account Change",
      activities: upTo(12),
      attributes: "auth_factors:auth_factor[] policies:policy[] policy:policy user:user! user_result:user~",
    }),
  ],
  [
    3002,
    iam({
      name: "Authentication",
      activities: upTo(7),
      attributes: `account_switch_type~ account_switch_type_id:integer~ auth_factors:auth_factor[] auth_protocol~
        auth_protocol_id:integer~{0,1,2,3,4,5,6,7,8,9,10,11,12,99} authentication_token:authentication_token certificate:certificate~
        dst_endpoint:network_endpoint~ is_cleartext:boolean is_mfa:boolean~ is_new_logon:boolean is_remote:boolean~ logon_process:process
        logon_type~ logon_type_id:integer~ service:service~ session:session~ user:user!`,
      atLeastOne: ["service", "dst_endpoint"],
    }),
  ],
  [
    3004,
    iam({
      name: "Entity Management",
      activities: upTo(13),
      attributes:
        "access_list:string[] access_mask:integer comment~ entity:managed_entity! entity_result:managed_entity~",
    }),
  ],
  [
    3005,
    iam({
      name: "User Access Management",
      activities: upTo(2),
      attributes: "privileges:string[]! resource:resource_details~ resources:resource_details[]~ user:user!",
    }),
  ],
  [
    3006,
    iam({
      name: "Group Management",
      activities: upTo(8),
      attributes: "group:group! privileges:string[]~ resource:resource_details~ subgroup:group~ user:user~",
    }),
  ],
  [
    6001,
    application({
      name: "Web Resources Activity",
      activities: upTo(8),
      attributes: `${webResources} web_resources:web_resource[]! web_resources_result:web_resource[]~`,
      profiles: ["network_proxy"],
    }),
  ],
  [
    6003,
    application({
      name: "API Activity",
      activities: upTo(4),
      attributes: `actor:actor! api:api! dst_endpoint:network_endpoint~ http_request:http_request~ http_response:http_response~
        resources:resource_details[]~ src_endpoint:network_endpoint!`,
      profiles: ["trace", "ai_operation"],
    }),
  ],
  [
    6006,
    application({
      name: "File Hosting Activity",
      activities: upTo(17),
      attributes: `access_list:string[] access_mask:integer access_result:json actor:actor! connection_info:network_connection_info
        dst_endpoint:network_endpoint~ expiration_time:timestamp file:file! file_result:file http_request:http_request~
        http_response:http_response share share_type share_type_id:integer src_endpoint:network_endpoint!`,
    }),
  ],
]);

const changed = (uid: number, attributes: string, activities?: readonly number[]): readonly [number, EventClass] => {
  const known = classes18.get(uid)!;
  const definition = extended(known.definition, define(attributes));
  return [uid, { ...known, definition, activities: activities ?? known.activities }];
};

const with19: ReadonlyMap<number, EventClass> = new Map([
  ...classes18,
  changed(3004, "updated_entity:managed_entity~"),
  changed(
    3006,
    "iam_roles:iam_role[]~ policies:policy[]~ resources:resource_details[]~ updated_group:group~ users:user[]~",
    upTo(13),
  ),
  [
    3007,
    iam({
      name: "User Management",
      activities: upTo(17),
      attributes: `auth_factors:auth_factor[]~ iam_roles:iam_role[]~ policies:policy[]~ privileges:string[]~ resources:resource_details[]~
        user:user! updated_user:user~`,
    }),
  ],
  changed(6001, "updated_web_resources:web_resource[]~"),
  changed(6003, "updated_resources:resource_details[]~"),
]);

/** 1.9.0: its profiles are wider too. */
export const classes19: ReadonlyMap<number, EventClass> = new Map(
  [...with19].map(([uid, one]) => {
    const profiles = uid === 0 ? ["record_integrity"] : ["record_integrity", "ai_operation"];
    return [uid, { ...one, profiles: [...new Set([...one.profiles, ...profiles])] }];
  }),
);

export const profiles18: Readonly<Record<string, Definition>> = {
  ai_operation: define("ai_model:ai_model~ message_context:message_context"),
  host: define("actor:actor device:device~"),
};

export const profiles19: Readonly<Record<string, Definition>> = {
  ...profiles18,
  ai_operation: extended(profiles18.ai_operation!, define("ai_agent:ai_agent delegation:delegation")),
};

/** Classes that a version has and advises against. */
export const deprecated: Readonly<Record<string, readonly number[]>> = { "1.8.0": [], "1.9.0": [3001, 3005] };
