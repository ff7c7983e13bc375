import type { AlertProblem, AlertStore, Delivery, KnownProblem, Notice, Severity } from "../model/alerts.ts";
import type { Database, Row } from "./database.ts";

/** So many notices that have ended are kept to be looked at. */
const KEPT = 200;

type Outbox = Pick<AlertStore, "known" | "keepRound" | "waiting" | "ended" | "deliveries">;

/** Problems and notices: written together, so that what was decided is sent, and what is sent was decided. */
export const outboxOver = (db: Database): Outbox => ({
  known: () => db.all("SELECT * FROM alert_problems ORDER BY key").map(toKnown),
  keepRound: ({ known, forget, deliveries, at }) =>
    db.transaction(() => {
      for (const one of known) keepKnown(db, one);
      for (const key of forget) db.run("DELETE FROM alert_problems WHERE key = ?", key);
      for (const { id, channelId, notice } of deliveries)
        db.run(
          `INSERT INTO alert_deliveries (id, channel_id, notice, state, attempts, next_at, created_at)
           VALUES (?, ?, ?, 'pending', 0, ?, ?)`,
          id,
          channelId,
          JSON.stringify(notice),
          at,
          at,
        );
    }),
  waiting: (before, limit) =>
    db
      .all(
        "SELECT * FROM alert_deliveries WHERE state = 'pending' AND next_at <= ? ORDER BY next_at LIMIT ?",
        before,
        limit,
      )
      .map(toDelivery),
  ended: (id, { state, nextAt, error, at }) =>
    db.transaction(() => {
      const over = state === "pending" ? null : at;
      const changed = db.run(
        "UPDATE alert_deliveries SET state = ?, attempts = attempts + 1, next_at = ?, error = ?, ended_at = ? WHERE id = ?",
        state,
        nextAt,
        error ?? null,
        over,
        id,
      );
      if (changed === 0 || state === "pending") return;
      const column = state === "sent" ? "sent" : "failed";
      db.run(
        `UPDATE alert_channels SET ${column} = ${column} + 1 WHERE id = (SELECT channel_id FROM alert_deliveries WHERE id = ?)`,
        id,
      );
      db.run(
        `DELETE FROM alert_deliveries WHERE id IN (
           SELECT id FROM alert_deliveries WHERE state <> 'pending' ORDER BY ended_at DESC, id LIMIT -1 OFFSET ${KEPT})`,
      );
    }),
  deliveries: (limit) =>
    db.all("SELECT * FROM alert_deliveries ORDER BY created_at DESC, id LIMIT ?", limit).map(toDelivery),
});

function keepKnown(db: Database, known: KnownProblem) {
  db.run(
    `INSERT INTO alert_problems (key, problem, first_at, last_at, notified_at, notified_fingerprint, notified_severity)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET problem = excluded.problem, first_at = excluded.first_at, last_at = excluded.last_at,
       notified_at = excluded.notified_at, notified_fingerprint = excluded.notified_fingerprint,
       notified_severity = excluded.notified_severity`,
    known.problem.key,
    JSON.stringify(known.problem),
    known.firstAt,
    known.lastAt,
    known.notifiedAt ?? null,
    known.notifiedFingerprint ?? null,
    known.notifiedSeverity ?? null,
  );
}

const text = (value: Row[string] | undefined) => (value as string | null | undefined) ?? undefined;

const toKnown = (row: Row): KnownProblem => ({
  problem: JSON.parse(row.problem as string) as AlertProblem,
  firstAt: row.first_at as string,
  lastAt: row.last_at as string,
  notifiedAt: text(row.notified_at),
  notifiedFingerprint: text(row.notified_fingerprint),
  notifiedSeverity: text(row.notified_severity) as Severity | undefined,
});

const toDelivery = (row: Row): Delivery => ({
  id: row.id as string,
  channelId: row.channel_id as string,
  notice: JSON.parse(row.notice as string) as Notice,
  state: row.state as Delivery["state"],
  attempts: row.attempts as number,
  nextAt: row.next_at as string,
  error: text(row.error),
  createdAt: row.created_at as string,
  endedAt: text(row.ended_at),
});
