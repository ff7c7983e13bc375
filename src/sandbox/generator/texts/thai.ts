import type { Topic } from "./topic.ts";

export const THAI: readonly Topic[] = [{ title: "thai", turns: [["?", "!"]] }];
