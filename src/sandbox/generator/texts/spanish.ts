import type { Topic } from "./topic.ts";

export const SPANISH: readonly Topic[] = [{ title: "spanish", turns: [["?", "!"]] }];
