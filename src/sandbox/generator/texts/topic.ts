/** One subject of conversation: a title, and questions with their answers. */
export interface Topic {
  readonly title: string;
  readonly turns: readonly (readonly [question: string, answer: string])[];
  /** Files that may hang on the first question. */
  readonly attachments?: readonly string[];
  readonly tools?: readonly string[];
}
