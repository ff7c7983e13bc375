import type { Topic } from "./topic.ts";

export const GERMAN: readonly Topic[] = [{ title: "german", turns: [["?", "!"]] }];
