/** Facts beside a log line. Fields that are not on the log's allow-list are left out; none may hold content or a secret. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where the product says what it does. One sentence for people, facts in fields. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** A logger that adds these fields to every line. */
  child(fields: LogFields): Logger;
}
