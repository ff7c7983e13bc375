import type { Topic } from "./topic.ts";

export const JAPANESE: readonly Topic[] = [{ title: "japanese", turns: [["?", "!"]] }];
