// The definitions of the Open Cybersecurity Schema Framework, as far as our events use them, in a shape of our own: names, types,
// requirements, numbers and constraints, taken from the schema's files; no text of them.
// This is no compiled copy of the releases: files were read one by one at commits near the tags 1.8.0 and 1.9.0, and what each release
// brought was added from the schema's changelog. It covers the classes and objects that we write. Where the text of a release could not
// be had, the definition says so.
//
// Open Cybersecurity Schema Framework. Copyright © OCSF a Series of LF Projects, LLC. Licensed under the Apache License 2.0, which
// stands in the file LICENSE of this repository too. The project includes the ICD Schema developed by Symantec, a division of Broadcom.

export type Requirement = "required" | "recommended" | "optional";

export interface Attribute {
  readonly type: string;
  readonly isArray: boolean;
  readonly requirement: Requirement;
  /** The values that it may have; undefined: any. */
  readonly values: readonly number[] | undefined;
}

export interface Definition {
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly atLeastOne: readonly string[];
}

const MARKS: Readonly<Record<string, Requirement>> = { "!": "required", "~": "recommended", "": "optional" };

/**
 * Attributes apart by white space: `name type`, the type `string` where none is given, as in `uid~ type_id:integer!{0,1} hashes:fingerprint[]`.
 * `!` stands for required, `~` for recommended, braces for the values that are allowed, brackets for a list.
 */
export function define(text: string, atLeastOne: readonly string[] = []): Definition {
  const attributes = text
    .trim()
    .split(/\s+/)
    .map((word): readonly [string, Attribute] => {
      const match = /^(\w+)(?::(\w+))?(\[\])?([!~]?)(?:\{([\d,]+)\})?$/.exec(word);
      if (!match) throw new Error(`Not an attribute: ${word}`);
      const [, name, type = "string", array, mark, values] = match;
      const requirement = MARKS[mark ?? ""] ?? "optional";
      return [name!, { type, isArray: array !== undefined, requirement, values: values?.split(",").map(Number) }];
    });
  return { attributes: new Map(attributes), atLeastOne };
}

/** One definition with what another adds or says anew. */
export const extended = (base: Definition, more: Definition): Definition => ({
  attributes: new Map([...base.attributes, ...more.attributes]),
  atLeastOne: more.atLeastOne.length > 0 ? more.atLeastOne : base.atLeastOne,
});
