// Objects. One that is named as a type and not defined here must not be written by us: the validator says so.
import { type Definition, define, extended } from "./definition.ts";

const entity = define("name~ uid~", ["name", "uid"]);
const entityOf = (text: string, atLeastOne?: readonly string[]) => extended(entity, define(text, atLeastOne));

const resource = entityOf(
  "created_time:timestamp data:json labels:string[] modified_time:timestamp tags:key_value_object[] type uid_alt",
);

const endpoint = extended(
  entityOf(
    "domain hostname~ instance_uid~ interface_name~ interface_uid~ ip:ip~ location:location mac mac_vendor subnet_uid",
  ),
  define(
    "type type_id:integer~{0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,99} vlan_uid vpc_uid zone pool:group owner:user os:os",
  ),
);

export const objects18: Readonly<Record<string, Definition>> = {
  actor: define(
    "app_name app_uid authorizations:authorization[] idp:idp invoked_by process:process~ session:session user:user~",
    ["process", "user", "invoked_by", "session", "app_name", "app_uid"],
  ),
  ai_model: entityOf("name! ai_provider! version~"),
  api: define("group:group operation! request:request~ response:response~ service:service token:token version"),
  application: define(
    `criticality data:json desc group:group hostname labels:string[] name~ owner:user~ resource_relationship:graph risk_level
     risk_level_id:integer{0,1,2,3,4,99} risk_score:integer sbom:sbom tags:key_value_object[] type uid~ uid_alt url:url version`,
    ["uid", "name"],
  ),
  file: entityOf(
    `accessed_time:timestamp accessor:user attributes:integer company_name confidentiality confidentiality_id:integer created_time:timestamp
     creator:user desc drive_type drive_type_id:integer encryption_details:encryption_details ext~ hashes:fingerprint[]~
     imported_symbols:string[] internal_name is_deleted:boolean is_encrypted:boolean is_readonly:boolean is_system:boolean mime_type
     modified_time:timestamp modifier:user name! owner:user parent_folder path~ product:product security_descriptor
     signature:digital_signature signatures:digital_signature[] size:long tags:key_value_object[] type
     type_id:integer!{0,1,2,3,4,5,6,7,8,99} uid uri url:url version volume xattributes:json`,
  ),
  group: entityOf("desc domain privileges:string[] type uid_alt"),
  http_request: define(
    `args body_length:integer http_headers:http_header[]~ http_method~ length:integer referrer uid url:url~ user_agent~ version~
     x_forwarded_for:ip[]`,
  ),
  key_value_object: define("name! value values:string[]", ["value", "values"]),
  location: define(
    `aerial_height city~ continent~ coordinates:float[] country~ desc geodetic_altitude geodetic_vertical_accuracy geohash
     horizontal_accuracy is_on_premises:boolean isp lat:float long:float postal_code pressure_altitude provider region`,
    ["city", "country", "postal_code", "region"],
  ),
  managed_entity: entityOf(
    `data:json device:device~ email:email_object~ group:group~ location:location org:organization~ policy:policy~ type~
     type_id:integer~{0,1,2,3,4,5,6,7,99} user:user~ version~`,
    ["name", "uid", "device", "group", "org", "policy", "user"],
  ),
  message_context: entityOf(
    `ai_role ai_role_id:integer~{0,1,2,3,4,5,6,99} application:application~ completion_tokens:integer prompt_tokens:integer
     service:service~ total_tokens:integer`,
    ["application", "service"],
  ),
  metadata: define(
    `correlation_uid debug:string[] event_code extension:extension extensions:extension[] is_truncated:boolean labels:string[] log_format
     log_level log_name~ log_provider log_source log_version logged_time:timestamp loggers:logger[] modified_time:timestamp
     original_event_uid original_time~ processed_time:timestamp product:product! profiles:string[] reporter:reporter~ sequence:integer
     source tags:key_value_object[] tenant_uid~ total_queued_duration:long transformation_info_list:transformation_info[]
     transmit_time:timestamp type uid untruncated_size:integer version!`,
  ),
  network_endpoint: extended(
    endpoint,
    define(
      `agent_list:agent[] autonomous_system:autonomous_system fingerprints:fingerprint[] hw_info:device_hw_info intermediate_ips:ip[]
       isp isp_org network_scope network_scope_id:integer port:integer~ proxy_endpoint:network_proxy svc_name~`,
      ["ip", "uid", "name", "hostname", "svc_name", "instance_uid", "interface_uid", "interface_name", "domain"],
    ),
  ),
  observable: define("event_uid name~ reputation:reputation type type_id:integer! type_uid:integer value"),
  product: entityOf("cpe_name feature:feature lang path url_string vendor_name~ version~"),
  resource_details: extended(
    resource,
    define(
      `agent_list:agent[] criticality group:group hostname~ ip:ip~ is_backed_up:boolean namespace owner:user~
       resource_relationship:graph role role_id:integer~{0,1,2,3,4,99} version`,
    ),
  ),
  service: entityOf("labels:string[] tags:key_value_object[] version~"),
  user: entityOf(
    `account:account credential_uid display_name domain email_addr:email forward_addr:email full_name groups:group[] has_mfa:boolean~
     ldap_person:ldap_person org:organization phone_number programmatic_credentials:programmatic_credential[] risk_level
     risk_level_id:integer{0,1,2,3,4,99} risk_score:integer type type_id:integer~{0,1,2,3,4,99} uid_alt`,
    ["account", "name", "uid"],
  ),
  web_resource: extended(resource, define("desc url_string~")),
};

/** What 1.9.0 adds to those objects, and its new ones. */
export const objects19: Readonly<Record<string, Definition>> = {
  ...objects18,
  // That the two new attributes count for `at_least_one` is our reading of the changelog; our events hold without it.
  actor: extended(
    objects18.actor!,
    define("application:application iam_role:iam_role", [...objects18.actor!.atLeastOne, "application", "iam_role"]),
  ),
  ai_agent: entityOf(
    `uid! instance_uid~ type type_id:integer~{0,1,2,3,4,99} ai_model:ai_model~ version~ charter:file uid_numeric:long`,
  ),
  application: extended(objects18.application!, define("criticality_id:integer{0,1,2,3,4,99} product:product")),
  file: extended(objects18.file!, define("download_info:download_info")),
  iam_role: entityOf(
    `account:account policies:policy[] privileges:string[] programmatic_credentials:programmatic_credential[]
     resources:resource_details[] session:session uid_alt`,
  ),
  message_context: extended(objects18.message_context!, define("prompt_text response_text")),
};
