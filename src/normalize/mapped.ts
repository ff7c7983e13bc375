// Where the values stand that the schemas have fields for. A schema that does not write one of them keeps it with the rest.
import { mappedTree } from "./rest.ts";

const inChanges = [
  "action,id,gpt_id,third_party_gizmo_id,credential_id,credential_name,skill_id,skill_name,plugin_id,plugin_name,project_id,app_id",
  "app_name,name,new_name,agent_id,environment_id,codex_environment_id,memory_id,conversation_id,message_id,finding_id,title",
  "trigger_id,group_id,role,new_role,feature,value,enabled,user_id,deleted_user_id,added_user_id,added_user_ids,removed_user_id",
  "removed_user_ids,allowed_user_id,disallowed_user_id,logged_out_user_id,owner_user_id,owner_id,email_address,email_addresses",
  "new_owner_email,file_id,file_name,mime_type,auth_provider_name",
].flatMap((names) => names.split(","));

const inDetails = [
  "thread_id,run_id,prompt_text,response_text,message,content,model,tool_name,call_id,decision,error_code,error_message,agent_id",
  "agent_fields.name,agent_fields.model,agent_fields.model_spec.name,app_id,app_name,memory_id,environment_id,finding_id,title",
  "token_usage.input_tokens,token_usage.output_tokens,detail_type,skill_id,skill_name,plugin_id,trigger_id",
].flatMap((names) => names.split(","));

const inRequest = [
  "client_ip,client_user_agent,client_ja3,client_ip_details.country,client_ip_details.region,client_ip_details.region_code",
  "client_ip_details.city,client_ip_details.latitude,client_ip_details.longitude,client_ip_details.asn",
].flatMap((names) => names.split(","));

export const mapped = mappedTree([
  ...["event_id", "type", "timestamp", "principal.id", "principal.type", "workspace_id"],
  ...["actor.type", "actor.user_id", "actor.user_email", "actor.name", "actor.id", "actor.redacted_id"],
  ...["actor.provider_user_id", "actor.agent_runtime.delegator.user_id"],
  ...["action", "action_result", "action_privilege", "event_type", "log_type", "client_id", "link_id"],
  ...[
    "conversation_id",
    "app_id",
    "app_name",
    "input.tool_name",
    "input._meta.user_agent",
    "input._meta.location.country",
  ],
  ...["previous_message_id", "message.id", "message.author.type", "message.author.client_type", "message.author.model"],
  ...["message.author.tools_used", "message.author.skills_used", "message.content.value", "message.files"],
  ...["conversation.id", "conversation.title", "conversation.gpt_id", "conversation.gpt_name"],
  ...["conversation.project_id", "conversation.project_name", "conversation.is_temporary_chat"],
  ...[
    "payload.identity.user_id",
    "payload.identity.email",
    "payload.identity.name",
    "payload.model",
    "payload.thread_id",
  ],
  ...["payload.product_client_id", "payload.token_usage.output_tokens"],
  ...inRequest.flatMap((name) => [`request_metadata.${name}`, `event_details.request_metadata.${name}`]),
  ...inChanges.map((name) => `action_data.${name}`),
  ...inDetails.map((name) => `event_details.${name}`),
]);
