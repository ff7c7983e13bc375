import type { Topic } from "./topic.ts";

export const FRENCH: readonly Topic[] = [{ title: "french", turns: [["?", "!"]] }];
