// Conservation at each destination: every event that was collected is filtered out, delivered, a dead letter, withdrawn or pending.
import type { DatabaseSync } from "node:sqlite";
import { rowOf } from "../../api/receipt-rows.ts";
import { SqliteDeliveryReader } from "../../store/sqlite/delivery-reader.ts";
import { type Check, Findings, row, rows } from "./examine.ts";

const RESEND =
  "Nothing is missing in the log. Send what is in doubt again: cistern destinations replay NAME --from INSTANT --to INSTANT, then report it as a fault of Cistern";
/** Every hour that there can be. */
const EVER = { fromHour: 0, toHour: 5_000_000 };

interface DeliveryFacts {
  readonly delivery: number;
  readonly destination_id: string;
  readonly collector_id: string;
  readonly replay: number | null;
  readonly start: number;
  readonly cut: number;
  readonly position: number;
  readonly end: number | null;
  readonly ended: number;
}

interface BatchFacts {
  readonly number: number;
  readonly after_seq: number;
  readonly up_to_seq: number;
  readonly only_seqs: string | null;
  readonly events: number;
  readonly hours: string;
}

export const deliveriesCheck: Check = {
  id: "deliveries",
  invariant: "I6",
  title: "Every event is delivered, filtered out, a dead letter, withdrawn or still ahead, at each destination",
  async run({ db }) {
    const findings = new Findings();
    const reader = new SqliteDeliveryReader(db);
    const ids = rows<{ delivery: number }>(
      db,
      `SELECT delivery FROM deliveries WHERE collector_id NOT IN (
         SELECT collector_id FROM collectors WHERE removing = 1) ORDER BY delivery`,
    );
    // Each in a transaction of its own: a server that delivers meanwhile does not move counts between two reads.
    for (const { delivery } of ids) await inSnapshot(db, () => examineOne(db, reader, findings, delivery));
    return { examined: ids.length, violations: findings.list() };
  },
};

async function inSnapshot(db: DatabaseSync, work: () => Promise<void>): Promise<void> {
  db.exec("BEGIN");
  try {
    await work();
  } finally {
    db.exec("COMMIT");
  }
}

async function examineOne(db: DatabaseSync, reader: SqliteDeliveryReader, findings: Findings, id: number) {
  const facts = row<DeliveryFacts>(db, "SELECT * FROM deliveries WHERE delivery = ?", id);
  // Its destination was removed meanwhile.
  if (facts === undefined) return;
  const batches = rows<BatchFacts>(db, "SELECT * FROM delivery_batches WHERE delivery = ? ORDER BY number", id);
  examinePositions(findings, facts, batches);
  for (const batch of batches) examineBatch(findings, facts, batch);
  examineTotals(db, findings, facts);
  if (facts.replay === null && facts.ended === 0) await examineHours(reader, findings, facts);
}

const nameOf = ({ destination_id, collector_id, replay }: DeliveryFacts) =>
  `${destination_id}, ${collector_id}${replay === null ? "" : `, replay ${replay}`}`;

function examinePositions(findings: Findings, facts: DeliveryFacts, batches: readonly BatchFacts[]): void {
  const { start, position, cut, end } = facts;
  const where = `${nameOf(facts)}: start ${start}, position ${position}, cut ${cut}`;
  if (start > position || position > cut || (end !== null && cut > end))
    findings.add("Positions of deliveries are not in their order", RESEND, where);
  const first = batches.reduce((least, { after_seq }) => Math.min(least, after_seq), cut);
  // A replay that was ended early leaves nothing to be settled.
  if (position !== first) findings.add("Positions are not where the open batches begin", RESEND, where);
}

function examineBatch(findings: Findings, facts: DeliveryFacts, batch: BatchFacts): void {
  const { number, after_seq: after, up_to_seq: upTo, events } = batch;
  const where = `${nameOf(facts)}: batch ${number}, from after ${after} to ${upTo}`;
  if (after < facts.position || upTo > facts.cut || after >= upTo)
    findings.add("Batches lie outside of what was cut", RESEND, where);
  const only = batch.only_seqs === null ? undefined : (JSON.parse(batch.only_seqs) as number[]);
  const outside = only?.some((seq) => seq <= after || seq > upTo) ?? false;
  const hours = Object.values(JSON.parse(batch.hours) as Record<string, number>);
  const counted = hours.reduce((sum, count) => sum + count, 0);
  if (events !== counted || (only !== undefined && only.length !== events) || outside)
    findings.add("Batches do not count what they hold", RESEND, where);
}

interface Totals {
  readonly filtered: number;
  readonly delivered: number;
  readonly dead: number;
  readonly withdrawn: number;
}

function examineTotals(db: DatabaseSync, findings: Findings, facts: DeliveryFacts): void {
  const sums = ["filtered", "delivered", "dead", "withdrawn"].map((name) => `coalesce(sum(${name}), 0) AS ${name}`);
  const hours = row<Totals>(db, `SELECT ${sums.join(", ")} FROM receipts WHERE delivery = ?`, facts.delivery)!;
  const totals = row<Totals>(
    db,
    "SELECT filtered, delivered, dead, withdrawn FROM deliveries WHERE delivery = ?",
    facts.delivery,
  )!;
  const letters = row<{ dead: number }>(
    db,
    "SELECT count(*) AS dead FROM dead_letters WHERE delivery = ? AND state <> 'delivered'",
    facts.delivery,
  )!;
  for (const name of ["filtered", "delivered", "dead", "withdrawn"] as const)
    if (totals[name] !== hours[name])
      findings.add(
        "Totals of deliveries are not what their hours add up to",
        RESEND,
        `${nameOf(facts)}: ${name} says ${totals[name]}, the hours ${hours[name]}`,
      );
  if (letters.dead !== hours.dead)
    findings.add(
      "Dead letters are not as many as were counted",
      RESEND,
      `${nameOf(facts)}: ${hours.dead} were counted, ${letters.dead} are there`,
    );
}

async function examineHours(reader: SqliteDeliveryReader, findings: Findings, facts: DeliveryFacts): Promise<void> {
  const { destination_id: destinationId, collector_id } = facts;
  for (const hour of (await reader.hourlyAccounts({ destinationId, ...EVER })).map(rowOf)) {
    if (hour.reconciles || hour.collectorId !== collector_id) continue;
    const { at, collected, filtered, delivered, deadLettered, withdrawn, pending } = hour;
    const said = `${collected} collected, ${filtered} filtered, ${delivered} delivered, ${deadLettered} dead letters, ${withdrawn} withdrawn, ${pending} pending`;
    findings.add("Hours of deliveries do not add up", RESEND, `${nameOf(facts)}, ${at}: ${said}`);
  }
}
