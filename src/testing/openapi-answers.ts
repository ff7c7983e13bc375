import { Ajv2020 } from "ajv/dist/2020.js";

/** Throws where an answer is not what the document says of its route. */
export type AnswerCheck = (method: string, path: string, answer: Response) => Promise<void>;

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, object>> }>>>
  >;
}

/** Compares answers with an OpenAPI 3.1 document. Addresses that it does not describe are left alone. */
export function answerCheck(document: unknown): AnswerCheck {
  const { paths } = document as Document;
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ ...(document as object), $id: "openapi" });
  return async (method, path, answer) => {
    const bare = path.split("?")[0]!;
    const template = Object.keys(paths).find((one) => matches(one, bare)) ?? "";
    const responses = paths[template]?.[method.toLowerCase()]?.responses;
    const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
    if (responses === undefined || !/^application\/(problem\+)?json$/.test(type)) return;
    const status = String(answer.status) in responses ? String(answer.status) : "default";
    const pointer = ["paths", template, method.toLowerCase(), "responses", status, "content", type, "schema"].map(
      escaped,
    );
    const validate = ajv.getSchema(`openapi#/${pointer.join("/")}`);
    if (validate === undefined) throw new Error(`${method} ${path}: ${answer.status} ${type} is not documented`);
    const body: unknown = await answer.clone().json();
    if (!validate(body)) throw new Error(`${method} ${path}: ${ajv.errorsText(validate.errors)}`);
  };
}

const escaped = (part: string) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));

// The most exact template first: /events/count is not /events/{seq}.
function matches(template: string, path: string): boolean {
  if (template === path) return true;
  const wanted = template.split("/");
  const given = path.split("/");
  if (/\/(count|histogram|types|progress)$/.test(path)) return false;
  return wanted.length === given.length && wanted.every((part, at) => part.startsWith("{") || part === given[at]);
}
