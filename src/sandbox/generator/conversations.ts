import { MINUTE_MS } from "../instants.ts";
import { type Random, randomOf } from "../random.ts";
import type { Person } from "./company.ts";
import {
  actorOf,
  type Cell,
  type EventFamily,
  type EventObject,
  momentsOf,
  type PlannedEvent,
  principalOf,
  printedTime,
  type World,
} from "./family.ts";
import type { Language } from "./offices.ts";
import { fillIn, hostileText, topicsIn } from "./texts/texts.ts";
import type { Topic } from "./texts/topic.ts";

const MODELS = ["gpt-5-5", "gpt-5-5-thinking", "gpt-5-mini", "gpt-5-5-pro"];
const MEAN_EVENTS_EACH = 6;
/** The part of all events that are chat messages. */
const SHARE = 0.5;

/** A chat with everything that happens to it, before any text is written. */
export interface Conversation {
  readonly id: string;
  readonly person: Person;
  readonly topic: Topic;
  readonly title: string;
  readonly createdAtUs: number;
  readonly turns: readonly Turn[];
  readonly isTemporary: boolean;
  readonly isPinned: boolean;
  readonly gpt: number | undefined;
  readonly project: number | undefined;
  /** When it is shared by link, µs; undefined when it is not. */
  readonly sharedAtUs: number | undefined;
  /** When its user deletes it, µs; undefined when it stays. */
  readonly deletedAtUs: number | undefined;
}

interface Turn {
  readonly question: string;
  readonly answer: string;
  readonly askedAtUs: number;
  readonly answeredAtUs: number;
  readonly questionId: string;
  readonly answerId: string;
  readonly model: string;
}

/** No message of a conversation is later than this after the start of its cell, sharing and deleting included. */
export const CONVERSATION_REACH_MS = 130 * MINUTE_MS;

/** The conversations that begin in a cell. */
export function conversationsOf(world: World, cell: Cell): Conversation[] {
  return momentsOf(world, cell, "conversation", SHARE / MEAN_EVENTS_EACH).map(({ random, id, atUs, person }) => {
    const topic = random.pick(topicsIn(languageOf(person, random)));
    const colleague = random.pick(world.company.people).name.split(" ")[0] ?? "Sam";
    const turns = turnsOf(topic, atUs, random, colleague);
    const endUs = turns.at(-1)?.answeredAtUs ?? atUs;
    const isTemporary = random.chance(0.06);
    const shared = random.chance(0.04);
    const deleted = random.chance(0.03);
    return {
      id,
      person,
      topic,
      title: fillIn(topic.title, random, colleague),
      createdAtUs: atUs - 400_000,
      turns,
      isTemporary,
      isPinned: !isTemporary && random.chance(0.05),
      gpt: random.chance(0.15) ? random.between(0, world.company.gpts.length - 1) : undefined,
      project: random.chance(0.12) ? random.between(0, world.company.projects.length - 1) : undefined,
      sharedAtUs: shared && !isTemporary ? endUs + random.between(20, 600) * 1_000_000 : undefined,
      deletedAtUs: deleted ? endUs + random.between(700, 1500) * 1_000_000 : undefined,
    };
  });
}

function languageOf(person: Person, random: Random): Language {
  const [first = "en", ...others] = person.office.languages;
  return random.pick([first, first, ...others]);
}

function turnsOf(topic: Topic, startUs: number, random: Random, colleague: string): Turn[] {
  const count = Math.min(topic.turns.length + random.between(0, 1), random.between(1, 4));
  let us = startUs;
  return Array.from({ length: count }, (_, index) => {
    const [question, answer] = topic.turns[index % topic.turns.length] ?? ["…", "…"];
    const askedAtUs = us;
    const answeredAtUs = askedAtUs + random.between(1_800_000, 46_000_000);
    us = answeredAtUs + random.between(15_000_000, 900_000_000);
    return {
      question: fillIn(question, random, colleague),
      answer: fillIn(answer, random, colleague),
      askedAtUs,
      answeredAtUs,
      questionId: random.uuid(),
      answerId: random.uuid(),
      model: random.pick(MODELS),
    };
  });
}

/** Messages of people and of the assistant, edits included. */
export function conversationFamily(
  world: World,
  conversationsIn: (cell: Cell) => readonly Conversation[],
): EventFamily {
  return {
    scope: "workspace",
    type: "CONVERSATION_MESSAGE",
    reachMs: CONVERSATION_REACH_MS,
    plan: (cell) => conversationsIn(cell).flatMap((conversation) => messagesOf(world, conversation)),
  };
}

function messagesOf(world: World, conversation: Conversation): PlannedEvent[] {
  return conversation.turns.flatMap((turn, index) => {
    const previous = conversation.turns[index - 1]?.answerId;
    const asked = message(world, conversation, turn.questionId, turn.askedAtUs, previous, () =>
      question(world, conversation, turn, index),
    );
    const answered = message(world, conversation, turn.answerId, turn.answeredAtUs, turn.questionId, () =>
      answer(world, conversation, turn),
    );
    const events = [asked, answered];
    const random = randomOf(world.seed, "edit", turn.questionId);
    const editedAtUs = turn.answeredAtUs + random.between(5, 120) * 1_000_000;
    if (random.chance(world.quirksAt(editedAtUs).editedMessages)) {
      events.push(
        message(world, conversation, turn.questionId, editedAtUs, previous, () =>
          edited(world, conversation, turn, index),
        ),
      );
    }
    return events;
  });
}

function message(
  world: World,
  conversation: Conversation,
  messageId: string,
  atUs: number,
  previous: string | undefined,
  write: () => EventObject,
): PlannedEvent {
  const id = randomOf(world.seed, "message event", messageId, atUs).uuid();
  const time = (us: number) => printedTime(world, id, us, 6);
  const { gpts, projects } = world.company;
  return {
    id,
    atUs,
    write: () => ({
      event_id: id,
      type: "CONVERSATION_MESSAGE",
      timestamp: time(atUs),
      ...(previous === undefined ? {} : { previous_message_id: previous }),
      principal: principalOf(world, "workspace"),
      actor: actorOf(conversation.person),
      message: { id: messageId, created_at: time(atUs), ...write() },
      conversation: {
        id: conversation.id,
        title: conversation.title,
        gpt_id: conversation.gpt === undefined ? null : gpts[conversation.gpt]?.id,
        gpt_name: conversation.gpt === undefined ? null : gpts[conversation.gpt]?.name,
        project_id: conversation.project === undefined ? null : projects[conversation.project]?.id,
        project_name: conversation.project === undefined ? null : projects[conversation.project]?.name,
        created_at: time(conversation.createdAtUs),
        is_pinned: conversation.isPinned,
        is_temporary_chat: conversation.isTemporary,
      },
    }),
  };
}

function question(world: World, conversation: Conversation, turn: Turn, index: number): EventObject {
  const random = randomOf(world.seed, "question", turn.questionId);
  const hostile = random.chance(world.quirksAt(turn.askedAtUs).hostileText);
  const value = hostile ? `${turn.question}\n${hostileText(random)}` : turn.question;
  return {
    author: { type: "user", client_type: conversation.person.clientType },
    content: { type: "text", value, annotations: [] },
    files: index === 0 ? named(conversation.topic.attachments ?? [], random) : [],
  };
}

function edited(world: World, conversation: Conversation, turn: Turn, index: number): EventObject {
  const before = question(world, conversation, turn, index);
  return { ...before, content: { type: "text", value: `${turn.question} (corrected)`, annotations: [] } };
}

function answer(world: World, conversation: Conversation, turn: Turn): EventObject {
  const random = randomOf(world.seed, "answer", turn.answerId);
  const { tools = [], generated = [] } = conversation.topic;
  const skill = random.chance(0.05) ? [random.pick(world.company.skills).id] : [];
  return {
    author: { type: "assistant", model: turn.model, tools_used: tools, skills_used: skill },
    content: {
      type: "text",
      value: turn.answer === "" ? null : turn.answer,
      annotations: citationsOf(conversation, random),
    },
    files: named(generated, random),
  };
}

function citationsOf(conversation: Conversation, random: Random): EventObject[] {
  const { tools = [], attachments = [] } = conversation.topic;
  if (tools.includes("browser")) {
    return [{ type: "url_citation", urls: ["https://travel.example/lakes", "https://rail.example/timetable"] }];
  }
  return tools.includes("file_search") ? [{ type: "file_citation", files: named(attachments, random) }] : [];
}

function named(names: readonly string[], random: Random): EventObject[] {
  return names.map((name) => ({ id: `file-${random.alphanumeric(22)}`, name }));
}
