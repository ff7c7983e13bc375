import type { Topic } from "./topic.ts";

export const ENGLISH: readonly Topic[] = [
  {
    title: "Quarterly numbers for {product}",
    attachments: ["q3-revenue.xlsx", "board-deck-draft.pptx"],
    tools: ["python"],
    turns: [
      [
        "Here is the export for {product}. Can you compare this quarter with the last one and tell me what stands out?",
        "| Region | Last quarter | This quarter | Change |\n| --- | ---: | ---: | ---: |\n| North | {n} | {n} | {pct} |\n| South | {n} | {n} | {pct} |\n| East | {n} | {n} | {pct} |\n\nThe East carries most of the growth; the South lost two large orders.",
      ],
      [
        "Which two orders?",
        "Rows {n} and {n}: both were moved to January at the customer's request, so they are not lost, only late.",
      ],
      [
        "Write three sentences for {who} on that.",
        "Revenue grew by {pct}, driven by the East. Two large orders in the South slipped into January. Without the slip, growth would have been {pct}.",
      ],
    ],
  },
  {
    title: "Flaky test in telemetry",
    tools: ["python"],
    turns: [
      [
        'This test fails about once in {n} runs. Why?\n\n```ts\ntest("flushes the buffer", async () => {\n  const buffer = createBuffer({ maxAgeMs: 50 });\n  buffer.add(reading);\n  await sleep(50);\n  expect(sent).toHaveLength(1);\n});\n```',
        "The timer and the sleep race: both end after 50 ms and nothing says which comes first. Pass a clock into `createBuffer` and move it by hand:\n\n```ts\nconst clock = fakeClock();\nconst buffer = createBuffer({ maxAgeMs: 50, clock });\nbuffer.add(reading);\nclock.advance(50);\nexpect(sent).toHaveLength(1);\n```",
      ],
      [
        "And if I cannot change createBuffer?",
        "Then wait for the effect, not for the time: `await expect.poll(() => sent.length).toBe(1)`. It is slower but no longer depends on the order.",
      ],
      ["Good. Mention {id} in the commit message.", "`telemetry: drive the flush test by a fake clock ({id})`"],
    ],
  },
  {
    title: "Reply to a late delivery complaint",
    turns: [
      [
        "A customer waited {n} days for a {product} and is angry. Draft a reply, apologise once, offer free calibration.",
        "Dear customer,\n\nyour {product} reached you far later than we promised, and I am sorry for it. The delay was ours: the calibration bench was down for a week. Your next calibration is free of charge; just quote {id}.\n\nKind regards",
      ],
      [
        "A little warmer please 🙂",
        "Dear customer,\n\nthank you for your patience, which we have tested more than we should have. I am sorry. Please let us make up for it with a free calibration whenever it suits you; {id} is your reference. 🌊",
      ],
    ],
  },
  {
    title: "Summarise the supplier contract",
    attachments: ["supplier-agreement-v7.pdf"],
    tools: ["file_search"],
    turns: [
      [
        "Summarise the attached agreement. I care about term, liability and exit.",
        "- **Term:** 36 months, renewed by 12 unless ended 90 days before.\n- **Liability:** capped at the fees of the last 12 months; no cap for data protection.\n- **Exit:** data is returned in an open format within 30 days; {n} hours of help are included.",
      ],
      [
        "Is the data protection part unusual?",
        "An uncapped liability is on the strict side but common for processors of personal data. Section 14.2 limits it to direct damage, which softens it.",
      ],
    ],
  },
  {
    title: "SQL for churned customers",
    tools: ["python"],
    turns: [
      [
        "Postgres: customers with an order in the last year but none in the last 90 days.",
        "```sql\nselect c.id, c.name, max(o.placed_at) as last_order\nfrom customer c\njoin \"order\" o on o.customer_id = c.id\ngroup by c.id, c.name\nhaving max(o.placed_at) between now() - interval '1 year' and now() - interval '90 days'\norder by last_order;\n```",
      ],
      [
        "Add the revenue of that year.",
        "Add `sum(o.total) filter (where o.placed_at > now() - interval '1 year') as revenue` to the select list.",
      ],
    ],
  },
  {
    title: "Plan the offsite",
    tools: ["browser"],
    turns: [
      [
        "Two days, {n} people, by train from Berlin, lake, not too expensive?",
        "Three ideas: a youth hostel at the Müritz, a farm in the Uckermark, a small hotel at Lake Schwerin. The last one has a meeting room for {n}. 🚆🏞️",
      ],
      [
        "Take the last one and draft an agenda",
        "Day 1: arrival, retro, walk round the lake, dinner.\nDay 2: roadmap for {product}, lunch, departure at 15:04.",
      ],
    ],
  },
  {
    title: "Phishing mail or not?",
    turns: [
      [
        'Got this: "Your mailbox is full, confirm your password at http://mail-quota.invalid". {who} got it as well. Phishing?',
        "Yes. The link leads to a domain that is not yours, it asks for a password, and it presses for time. Report it, do not open it, and tell the security team if anyone typed a password.",
      ],
    ],
  },
  {
    title: "Poster for the open day",
    tools: ["image_gen"],
    generated: ["open-day-poster.png"],
    turns: [
      ["Draw a friendly poster for our open day: harbour, gauges, children.", ""],
      ["More blue, and put {product} in the corner.", "Here is a bluer one with {product} at the lower right. 🎨"],
    ],
  },
];
