/** One subject of conversation: a title, and questions with their answers; an empty answer stands for one without text. */
export interface Topic {
  readonly title: string;
  readonly turns: readonly (readonly [question: string, answer: string])[];
  /** Files that may hang on the first question. */
  readonly attachments?: readonly string[];
  /** Tools that the answers used. */
  readonly tools?: readonly string[];
  /** Files that the answers made; such an answer may have no text. */
  readonly generated?: readonly string[];
}
