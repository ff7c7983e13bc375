import type { Topic } from "./topic.ts";

export const ARABIC: readonly Topic[] = [{ title: "arabic", turns: [["?", "!"]] }];
