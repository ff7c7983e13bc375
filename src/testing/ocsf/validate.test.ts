import { expect, test } from "vitest";
import { validateOcsf } from "./validate.ts";

const event = {
  activity_id: 1,
  category_uid: 6,
  class_uid: 6003,
  type_uid: 600301,
  severity_id: 1,
  time: 1_784_129_345_746,
  metadata: { version: "1.8.0", product: { name: "ChatGPT" }, profiles: ["ai_operation"] },
  actor: { user: { uid: "u" } },
  api: { operation: "x" },
  src_endpoint: { svc_name: "ChatGPT" },
};
const errors = (change: object) => validateOcsf({ ...event, ...change }).errors;

test("an event that keeps to the schema has no errors, and is told what would make it better", () => {
  const { errors, missing } = validateOcsf(event);

  expect(errors).toEqual([]);
  expect(missing).toContain("resources");
  expect(missing).toContain("metadata.log_name");
});

test.each([
  [{ made_up: 1 }, "made_up: unknown attribute"],
  [{ time: "2026" }, "time: expected timestamp"],
  [{ time: undefined }, "time: required"],
  [{ severity_id: 7 }, "severity_id: 7 is not allowed"],
  [{ api: {} }, "api.operation: required"],
  [{ actor: {} }, "actor: at least one of process, user, invoked_by, session, app_name, app_uid"],
  [{ actor: { user: { email_addr: "ada@example.com" } } }, "actor.user: at least one of account, name, uid"],
  [{ actor: { user: { uid: "u", email_addr: "no address" } } }, "actor.user.email_addr: expected email"],
  [{ actor: { process: {} } }, "actor.process: object process is not defined here"],
  [{ resources: { uid: "r" } }, "resources: expected a list"],
  [{ src_endpoint: { ip: "1.2.3" } }, "src_endpoint.ip: expected ip"],
  [{ type_uid: 600302 }, "type_uid: does not fit"],
  [{ category_uid: 3 }, "category_uid: of another class"],
  [{ activity_id: 9, type_uid: 600309 }, "activity_id: 9 is none of the class"],
  [{ activity_id: 99, type_uid: 600399 }, "activity_name: required by 99"],
  [{ ai_model: { name: "m" } }, "ai_model.ai_provider: required"],
  [
    { message_context: { uid: "c", service: { name: "s" }, prompt_text: "Hi" } },
    "message_context.prompt_text: unknown attribute",
  ],
  [{ metadata: { ...event.metadata, profiles: ["winter"] } }, "metadata.profiles: winter is none of the class"],
  [{ class_uid: 6999 }, "no class 6999 in 1.8.0"],
])("%j: %s", (change, error) => {
  expect(errors(change)).toContain(error);
});

test("attributes of a profile count only where the event declares it", () => {
  const metadata = { ...event.metadata, profiles: [] };

  expect(errors({ metadata, ai_model: { name: "m", ai_provider: "OpenAI" } })).toEqual(["ai_model: unknown attribute"]);
});

test("1.9.0 has what it has brought, and advises against what it has replaced", () => {
  const metadata = { ...event.metadata, version: "1.9.0" };
  const message_context = { uid: "c", service: { name: "s" }, prompt_text: "Hi" };
  const { api, ...base } = event;
  const account = { ...base, class_uid: 3001, category_uid: 3, type_uid: 300101, metadata, user: { uid: "u" } };

  expect(errors({ metadata, message_context, ai_agent: { uid: "g" } })).toEqual([]);
  expect(validateOcsf(account).errors).toEqual(["class_uid: deprecated"]);
});
