import type { Topic } from "./topic.ts";

export const CHINESE: readonly Topic[] = [{ title: "chinese", turns: [["?", "!"]] }];
