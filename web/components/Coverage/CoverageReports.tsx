import { Button, Modal, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { api } from "../../api.ts";
import type { IssuedReport } from "../../api-types.ts";
import { plural } from "../../format/numbers.ts";
import { useReports } from "../../hooks/useCoverage.ts";
import { ErrorNotice } from "../ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../Icon/Icon.tsx";
import { RelativeTime } from "../RelativeTime/RelativeTime.tsx";
import styles from "./Coverage.module.css";

interface Props {
  readonly collector: string;
  /** Days, as a proposal for the next report. */
  readonly from: string;
  readonly to: string;
}

/** Completeness reports of a collector: those that were issued, and the button that issues another. */
export function CoverageReports({ collector, from, to }: Props) {
  const { issued, issue } = useReports(collector);
  const [asking, setAsking] = useState(false);
  return (
    <section className={styles.reports} aria-label="Completeness reports">
      <div className={styles.filesHead}>
        <div>
          <h3>Completeness reports</h3>
          <p className={styles.quiet}>Signed; with the hash and the counts of every file, and without content.</p>
        </div>
        <Button size="xs" leftSection={<Icon name="download" size={14} />} onClick={() => setAsking(true)}>
          Report
        </Button>
      </div>
      {issued.error && (
        <ErrorNotice error={issued.error} what="The reports could not be read" retry={() => void issued.refetch()} />
      )}
      {issued.data && issued.data.length > 0 && <ReportTable reports={issued.data} />}
      {asking && (
        <IssueDialog
          from={from}
          to={to}
          busy={issue.isPending}
          onClose={() => setAsking(false)}
          onIssue={(interval) =>
            issue.mutate(interval, {
              onSuccess: (id) => {
                setAsking(false);
                window.location.assign(api.reportUrl(id));
              },
            })
          }
        />
      )}
    </section>
  );
}

function ReportTable({ reports }: { readonly reports: readonly IssuedReport[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label="Reports that were issued">
      <table className={styles.table}>
        <thead>
          <tr>
            <th>Time</th>
            <th>Issued</th>
            <th>By</th>
            <th>Since then</th>
            <th>Files</th>
          </tr>
        </thead>
        <tbody>
          {reports.map(({ id, from, to, issuedAt, issuedBy, corrections }) => (
            <tr key={id}>
              <td className="mono">
                {from.slice(0, 16).replace("T", " ")} – {to.slice(0, 16).replace("T", " ")} UTC
              </td>
              <td>
                <RelativeTime at={issuedAt} none="–" />
              </td>
              <td>{issuedBy}</td>
              <td>{correctionWords(corrections)}</td>
              <td className={styles.links}>
                <a href={api.reportUrl(id)} aria-label={`Download the report ${id}`}>
                  Report
                </a>
                <a href={api.reportPageUrl(id)} aria-label={`Download the report ${id} as a page for printing`}>
                  For printing
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function correctionWords(corrections: IssuedReport["corrections"]) {
  if (corrections.length === 0) return "Nothing has changed";
  const files = corrections.reduce((sum, one) => sum + one.filesAdded.length + one.filesChanged.length, 0);
  const gaps = corrections.reduce((sum, one) => sum + one.gapsAdded.length + one.gapsClosed.length, 0);
  const parts = [...(files > 0 ? [plural(files, "file")] : []), ...(gaps > 0 ? [plural(gaps, "gap")] : [])];
  const contradicted = corrections.some((one) => one.contradicted);
  return (
    <span data-tone={contradicted ? "warn" : undefined} className={styles.since}>
      {contradicted ? "Corrected" : "Gone on"}: {parts.join(", ")} changed
    </span>
  );
}

interface DialogProps {
  readonly from: string;
  readonly to: string;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onIssue: (interval: { from: string; to: string }) => void;
}

function IssueDialog({ busy, onClose, onIssue, ...proposed }: DialogProps) {
  const [from, setFrom] = useState(proposed.from);
  const [to, setTo] = useState(proposed.to);
  const wrong = from >= to ? "The end must be later than the beginning" : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wrong === undefined) onIssue({ from: `${from}T00:00:00Z`, to: `${to}T00:00:00Z` });
  };
  return (
    <Modal opened onClose={onClose} title="Issue a completeness report" closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit} className={styles.form}>
        <p className={styles.quiet}>
          Whole days in UTC. Every held event of the time is read and hashed again, which takes a while for a long time.
        </p>
        <TextInput
          type="date"
          label="From, midnight UTC"
          required
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label="To, midnight UTC (not included)"
          required
          value={to}
          error={wrong}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <div className={styles.formFoot}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={wrong !== undefined}>
            Issue report
          </Button>
        </div>
      </form>
    </Modal>
  );
}
