// Death between any two statements of the database, and a look after every commit. node:sqlite is the seam: its prototypes are
// wrapped once in this process, and the product runs as it is.
import { DatabaseSync, StatementSync } from "node:sqlite";

export class SimulatedCrash extends Error {
  override readonly name = "SimulatedCrash";
}

/** What watches the statements of one database connection. */
export interface StatementWatch {
  /** Before and after each statement; throws to end the life there. */
  step(sql: string): void;
  /** A transaction is durable. */
  committed(): void;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

const watches = new WeakMap<DatabaseSync, StatementWatch>();
const owners = new WeakMap<StatementSync, { readonly db: DatabaseSync; readonly sql: string }>();
let opening: StatementWatch | undefined;
let installed = false;

/** Connections that are opened during `work` are watched. */
export async function watched<T>(watch: StatementWatch, work: () => Promise<T>): Promise<T> {
  install();
  opening = watch;
  try {
    return await work();
  } finally {
    opening = undefined;
  }
}

function install(): void {
  if (installed) return;
  installed = true;
  wrapDatabase();
  for (const name of ["run", "get", "all", "iterate"] as const) wrapStatement(name);
}

function watchOf(db: DatabaseSync): StatementWatch | undefined {
  if (opening !== undefined && !watches.has(db)) watches.set(db, opening);
  return watches.get(db);
}

function wrapDatabase(): void {
  const prototype = DatabaseSync.prototype as unknown as Record<string, Method>;
  const { prepare, exec } = prototype as { prepare: Method; exec: Method };
  prototype.prepare = function (this: DatabaseSync, sql) {
    const statement = prepare.call(this, sql) as StatementSync;
    if (watchOf(this)) owners.set(statement, { db: this, sql: String(sql) });
    return statement;
  } as Method;
  prototype.exec = function (this: DatabaseSync, sql) {
    const watch = watchOf(this);
    watch?.step(String(sql));
    const result = exec.call(this, sql);
    if (sql === "COMMIT") watch?.committed();
    watch?.step(String(sql));
    return result;
  } as Method;
}

function wrapStatement(name: "run" | "get" | "all" | "iterate"): void {
  const prototype = StatementSync.prototype as unknown as Record<string, Method>;
  const original = prototype[name]!;
  prototype[name] = function (this: StatementSync, ...args) {
    const owner = owners.get(this);
    if (owner) watches.get(owner.db)?.step(owner.sql);
    return original.apply(this, args);
  } as Method;
}
